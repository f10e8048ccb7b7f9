"""python -m derivcheck"""

from __future__ import annotations

import sys

from derivcheck.command_line import main

if __name__ == "__main__":
    sys.exit(main())
