"""What a bundle says of itself to a person, and what starts its own verifier."""

LAUNCHER = '''"""Check the bundle that this lies in: `python3 -S FILE.zip [--all]`."""

import sys

from mobility.audit.verify import main

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "verify"]
    sys.exit(main([sys.argv[0], *words]))
'''

README = """CHECK THIS ROUND YOURSELF

This file is the evidence of the matching round {round}: what was frozen, what was
solved, the proof that no better solution exists, what was published, and the part of
the log that belongs to it.

CONFIDENTIAL. It holds students' wishes and places under random names. Your copy is
recorded in the log, with your name. Delete it by {delete_by}.


How to check it

You need Python 3.11 or later and nothing else. Without any installation:

    python3 -S FILE.zip

That runs the copy of the verifier that lies in this file. A copy that comes with what
it judges should not be your only one: take the program's source from where you trust it
and run there

    python3 -S -m mobility audit verify FILE.zip

Each line of the answer is one check and says what it proves. The command ends with 0
when all of it holds, with 1 when something does not (the first broken fact is named;
with --all, every one), with 2 when the file cannot be read at all.

Keep the last line of log.json, "head": its number and hash. With the next bundle or
public proof of this service, give it along, and you know that nothing was rewritten
in between:

    python3 -S -m mobility audit verify NEXT.zip --head NUMBER:HASH


What is in it

  manifest.json       every file with its SHA-256; who got this copy, and until when
  snapshot.json       the frozen input: wishes, offers, rules, every journey to the leg,
                      the emission factors used, all under random names
  instance.json       what of it the solver was given
  policy.json         the rules that were declared before the freeze
  result.json         the placements of each stage, with the certificate
  placements.json     what the students were told
  lottery.json        the promises made before the freeze, and the secrets behind them
  factors/            the emission factor set as it was published
  log.json            the log from the making of the round to this copy
  public-proof.json   what anybody may see: digests, totals, receipts; no other row
  mobility/, solver/  the verifier's source


What it does not prove

  - that the wishes are those that students had in mind: each student can do that, with
    her receipt, which stands in public-proof.json;
  - that nobody rewrote the whole log before you ever saw a head of it: keep heads;
  - how far a journey is and which vehicle takes it, whether a student was eligible:
    these are taken as frozen. snapshot.json has the reason of each refusal, and the
    length and the factor of each leg.
"""


def to_readme(round_key: str, delete_by: str) -> str:
    """Return the text that lies in a bundle."""
    return README.format(round=round_key, delete_by=delete_by)
