"""``python -m reportgen``: the command line where the command itself is on no search path."""

import sys

from reportgen.cli import main

if __name__ == "__main__":
    sys.exit(main())
