"""Recognised mistakes: one file each."""
