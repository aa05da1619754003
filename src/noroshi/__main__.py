"""`python -m noroshi` does what the command `noroshi` does."""

from __future__ import annotations

from noroshi.cli.main import main

if __name__ == "__main__":
    main()
