"""So that `python -m ortsdialog` does what the command `ortsdialog` does."""

import sys

from ortsdialog.cli import main

if __name__ == "__main__":
    sys.exit(main())
