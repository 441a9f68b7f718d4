"""Small programs in place of the solver and the verifier."""

import sys

from mobility.jobs.child import Programs

HEAD = "import os, sys, time, pathlib; arguments = sys.argv[1:]\n"

RESULT = (
    '{"status": "optimal", "gap_msteps": 0,'
    ' "stages": [{"name": "wishes", "metrics": {"placed": 11}}]}'
)

WRITES = HEAD + (
    "out = arguments[arguments.index('--out') + 1]\n"
    f"pathlib.Path(out).write_text('{RESULT}')\n"
)

WAITS = HEAD + "print('stage 1 of 3', file=sys.stderr, flush=True)\ntime.sleep(600)\n"


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", script)


def programs(solve: str = WRITES, verify: str = "print('verified')") -> Programs:
    return Programs(solve=python(solve), verify=python(verify))
