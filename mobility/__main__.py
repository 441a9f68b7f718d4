"""`python -m mobility`: the command line.

`audit verify` is handed over before anything but the standard library is imported.
"""

import sys


def main() -> None:
    """Run the command in `sys.argv` and end with its exit code."""
    if sys.argv[1:3] == ["audit", "verify"]:
        from mobility.audit.verify import main as verify

        sys.exit(verify(sys.argv[3:]))
    from mobility.cli import main as run

    run()


if __name__ == "__main__":
    main()
