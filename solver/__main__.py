"""`python -m solver`: solve, verify, generate.

`verify` is handed over before anything but the standard library is imported.
"""

import gc
import sys


def main() -> int:
    """Run the command in `sys.argv` and return its exit code."""
    if sys.argv[1:2] == ["verify"]:
        from solver.verify import main as verify

        return verify(sys.argv[2:])
    from solver.commands import run

    gc.disable()  # millions of small objects that all live to the end
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
