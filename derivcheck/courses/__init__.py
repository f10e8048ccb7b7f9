"""What a course or a library imports to check formulas."""
