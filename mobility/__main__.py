"""`python -m mobility`: the command line."""

from mobility.cli import main

if __name__ == "__main__":
    main()
