"""Checking a bundle: a true one is accepted, and every lie is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_world import (
    Change,
    first_broken,
    forge,
    read_log,
    read_zip,
    rechain,
    remanifest,
)

from mobility.audit.archive import BYTES_AT_MOST, pack
from mobility.audit.chain import Head
from mobility.audit.verify import NAMES, main, verify
from mobility.config import ROOT
from solver.errors import InvalidFile
from solver.fileio import to_canonical

pytestmark = pytest.mark.slow  # a round is solved and published for it

VERIFY = [sys.executable, "-S", "-E"]


@pytest.fixture
def path(file: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(file)
    return path


def run(*command: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_true_bundle_holds_in_every_check(file: bytes) -> None:
    outcomes = verify(file, "b.zip", every=True)
    assert [outcome.name for outcome in outcomes] == list(NAMES)
    assert [outcome.facts for outcome in outcomes] == [()] * len(NAMES)
    saw = {outcome.name: outcome.saw for outcome in outcomes}
    assert saw["receipts"] == "3 receipts, 3 of them found in the log"
    assert saw["lottery"] == "secrets of Exchange office, Students' union"
    assert saw["certificate"].startswith("optimal, gap 0 msteps")


def test_the_command_needs_nothing_installed(path: Path) -> None:
    done = run(*VERIFY, "-m", "mobility", "audit", "verify", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("All of it holds.\n")


def test_a_bundle_checks_itself_where_there_is_nothing_else(path: Path) -> None:
    done = run(*VERIFY, path, "verify", "--all", folder=path.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("All of it holds.\n")


def test_the_enclosed_program_is_all_that_the_verifier_needs(file: bytes) -> None:
    tell = (
        "import sys; import mobility.audit.verify;"
        "print(*(n for n in sys.modules if n.split('.')[0] in ('mobility', 'solver')))"
    )
    loaded = run(*VERIFY, "-c", tell).stdout.split()
    enclosed = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in read_zip(file)
        if name.endswith(".py") and name != "__main__.py"
    }
    assert set(loaded) == enclosed


def test_a_lie_ends_with_one_and_is_named(
    file: bytes, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(forge(file, {"placements.json": lambda rows: rows[:-1]}))
    assert main([str(path)]) == 1
    shown = capsys.readouterr().out
    assert "BROKEN" in shown
    assert shown.count("broken: ") == 1
    assert main([str(path), "--all"]) == 1


def test_what_is_no_bundle_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "no.zip"
    assert main([str(path)]) == 2
    path.write_bytes(b"PK no zip")
    assert main([str(path)]) == 2
    path.write_bytes(pack({"README.txt": b"hello"}))
    assert main([str(path)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith("unreadable: ") for line in said)


def test_a_head_that_was_kept_must_be_in_the_log(file: bytes) -> None:
    log = read_log(file)
    entry = log["entries"][2]
    kept = Head(entry["seq"], entry["hash"])
    assert not any(o.facts for o in verify(file, "b.zip", kept=(kept,)))
    other = Head(entry["seq"], "0" * 64)
    facts = [o.facts for o in verify(file, "b.zip", kept=(other,)) if o.facts]
    assert facts == [(f"the log does not hold the head {other.seq}:{other.hash}",)]


@pytest.mark.parametrize("head", ["12", "x:y", f"1:{'g' * 64}", f"-1:{'0' * 64}"])
def test_a_head_that_is_none_is_asked_for(head: str, path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(path), "--head", head])
    assert ended.value.code == 2


def swap_places(rows: list[dict[str, Any]]) -> None:
    rows[0]["offer"], rows[1]["offer"] = rows[1]["offer"], rows[0]["offer"]


def one_gram_more(rows: list[dict[str, Any]]) -> None:
    flown = next(row for row in rows if row["emissions_g"])
    flown["emissions_g"] += 1


def swap_result(result: dict[str, Any]) -> None:
    for placements in (result["placements"], result["stages"][-1]["placements"]):
        names = sorted(placements)
        placements[names[0]], placements[names[1]] = (
            placements[names[1]],
            placements[names[0]],
        )


def cheaper_policy(policy: dict[str, Any]) -> None:
    policy["rank_cost"] = [0, 1, 2]


def other_seed(instance: dict[str, Any]) -> None:
    instance["seed"] = "1" * 64


def other_secret(rows: list[dict[str, Any]]) -> None:
    rows[0]["secret"] = "ef" * 32


def smaller_factor(snapshot: dict[str, Any]) -> None:
    snapshot["carbon"]["factors"][0]["value_ug_per_m"] -= 1


def shorter_leg(snapshot: dict[str, Any]) -> None:
    snapshot["journeys"][0]["detail"]["legs"][0]["distance_m"] -= 1000


def lighter_choice(snapshot: dict[str, Any]) -> None:
    choices = [c for s in snapshot["students"] for c in s["choices"]]
    next(choice for choice in choices if choice["emissions_g"])["emissions_g"] -= 1


def dropped_student(snapshot: dict[str, Any]) -> None:
    snapshot["students"].pop()


def other_wishes(snapshot: dict[str, Any]) -> None:
    student = next(s for s in snapshot["students"] if len(s["certified"]) > 1)
    first, second = student["certified"][:2]
    first[0], second[0] = second[0], first[0]


def dropped_choice(snapshot: dict[str, Any]) -> None:
    next(s for s in snapshot["students"] if s["choices"])["choices"].pop()


def more_places(instance: dict[str, Any]) -> None:
    instance["offers"][0]["capacity"] += 1


LIES: dict[str, tuple[str, Change, str, str]] = {
    # the member, its change, the check that finds it, words of the fact
    "changed placement": (
        "placements.json",
        swap_places,
        "placements",
        "was published at",
    ),
    "dropped placement": (
        "placements.json",
        lambda rows: rows[:-1],
        "placements",
        "that was not published",
    ),
    "one gram more": ("placements.json", one_gram_more, "emissions", "g, her journey"),
    "changed result": ("result.json", swap_result, "acts", "result_digest"),
    "understated gap": (
        "result.json",
        lambda result: result.update(gap_msteps=7),
        "acts",
        "gap_msteps",
    ),
    "swapped policy": ("policy.json", cheaper_policy, "acts", "policy.json: policy is"),
    "other seed": ("instance.json", other_seed, "lottery", "seed does not follow"),
    "other secret": ("lottery.json", other_secret, "lottery", "not the one promised"),
    "dropped promise": ("lottery.json", lambda rows: rows[1:], "lottery", "promises"),
    "changed factor": ("snapshot.json", smaller_factor, "factors", "is not 0."),
    "shorter leg": ("snapshot.json", shorter_leg, "emissions", "not rate x distance"),
    "lighter choice": ("snapshot.json", lighter_choice, "emissions", "its journey"),
    "dropped student": ("snapshot.json", dropped_student, "receipts", "not frozen"),
    "other wishes": ("snapshot.json", other_wishes, "receipts", "receipt is not of"),
    "dropped choice": ("snapshot.json", dropped_choice, "receipts", "certified list"),
    "more places": ("instance.json", more_places, "instance", "capacity is"),
    "other recipient": (
        "manifest.json",
        lambda manifest: manifest.update(recipient="Mallory"),
        "download",
        "recipient is Mallory",
    ),
    "longer use": (
        "manifest.json",
        lambda manifest: manifest.update(delete_by="2999-12-31"),
        "download",
        "delete_by is 2999-12-31",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_by_its_check_though_all_digests_fit(
    lie: str, file: bytes
) -> None:
    member, change, check, words = LIES[lie]
    outcomes = verify(forge(file, {member: change}), "b.zip", every=True)
    facts = {outcome.name: outcome.facts or () for outcome in outcomes}
    assert facts["files"] == facts["shapes"] == facts["log"] == ()
    assert any(words in fact for fact in facts[check]), facts


def test_a_factor_table_of_another_value_is_not_the_set(file: bytes) -> None:
    members = read_zip(file)
    table = members["factors/factors.csv"].replace(b"0.06926", b"0.06925", 1)
    assert table != members["factors/factors.csv"]
    broken = first_broken(remanifest({**members, "factors/factors.csv": table}))
    assert broken.startswith("factors.csv: factor_set is")


def without(log: dict[str, Any], action: str) -> None:
    """Take an entry out of the log and chain the rest anew."""
    seq = next(e["seq"] for e in log["entries"] if e["action"] == action)
    entries = [e for e in log["entries"] if e["seq"] != seq]
    payloads = [p for p in log["payloads"] if p["seq"] != seq]
    for row in [*entries, *payloads]:
        row["seq"] -= row["seq"] > seq
    log.update(entries=entries, payloads=payloads)
    rechain(log, from_last=len(entries))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("round:create", "does not begin with the making"),
        ("round:freeze", "holds no freeze"),
        ("run:finish", "holds no end of the published run"),
        ("round:publish", "holds no publication"),
        ("lottery:commit", "no promise of"),
        ("lottery:reveal", "no secret of"),
    ],
)
def test_an_act_that_is_missing_from_a_rewritten_log_is_missed(
    action: str, words: str, file: bytes
) -> None:
    forged = forge(file, {"log.json": lambda log: without(log, action)})
    facts = [f for o in verify(forged, "b.zip", every=True) for f in o.facts or ()]
    assert any(words in fact for fact in facts), facts


def test_a_removed_entry_breaks_the_chain(file: bytes) -> None:
    def remove(log: dict[str, Any]) -> None:
        del log["entries"][4]

    assert "numbers have no gaps" in first_broken(forge(file, {"log.json": remove}))


def test_a_certified_list_that_was_left_out_is_named(file: bytes) -> None:
    forged = forge(file, {"snapshot.json": dropped_student})
    outcomes = verify(forged, "b.zip", every=True)
    [facts] = [o.facts for o in outcomes if o.name == "receipts"]
    assert facts
    assert "that was not frozen" in facts[0]


@pytest.mark.parametrize("name", ["snapshot.json", "log.json", "placements.json"])
@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b"{", b'{"a":1,"a":2}', b"NaN", b"[" * 99999, b"1e5"],
)
def test_members_of_another_form_are_refused_in_words(
    name: str, data: bytes, file: bytes
) -> None:
    broken = first_broken(remanifest({**read_zip(file), name: data}))
    if (name, data) == ("placements.json", b"[]"):
        assert "evidence" in broken
    else:
        assert broken.startswith(name)


def test_half_a_surrogate_pair_is_refused_in_words(file: bytes) -> None:
    members = read_zip(file)
    rows = json.loads(members["lottery.json"])
    rows[0]["secret"] = "\ud800"
    members["lottery.json"] = json.dumps(rows).encode()
    assert "surrogate" in first_broken(remanifest(members))


def zip_of(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: zip_of(("a", b"1"), ("a", b"2")), "is there 2 times"),
        (lambda: zip_of(("../a", b"1")), "lead out of a folder"),
        (lambda: zip_of(("/etc/a", b"1")), "lead out of a folder"),
        (lambda: zip_of(("a\\..\\b", b"1")), "lead out of a folder"),
        (lambda: zip_of(*((str(n), b"") for n in range(300))), "300 members"),
        (lambda: oversized(zip_of(("a", b"1" * 9))), "unpacked it has"),
        (lambda: zip_of(("a", b"1"))[:-9], "is not a ZIP file"),
    ],
)
def test_archives_that_mislead_or_exhaust_are_not_unpacked(
    made: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(InvalidFile, match=words):
        verify(made(), "b.zip")


def oversized(data: bytes) -> bytes:
    """Return a ZIP whose directory says that a member is larger than is allowed."""
    small, large = (9).to_bytes(4, "little"), (BYTES_AT_MOST + 1).to_bytes(4, "little")
    start = data.rindex(b"PK\x01\x02")
    return data[:start] + data[start:].replace(small, large)


def test_a_member_larger_than_it_says_is_not_unpacked_further(file: bytes) -> None:
    members = read_zip(file)
    data = zip_of(*members.items(), ("bomb", bytes(10**6)))
    size, less = (10**6).to_bytes(4, "little"), (10).to_bytes(4, "little")
    broken = first_broken(data.replace(size, less))
    assert broken.startswith("bomb is damaged")


def test_a_bundle_that_was_packed_anew_is_judged_by_its_content(file: bytes) -> None:
    assert first_broken(zip_of(*read_zip(file).items())) == ""


def test_bytes_beside_the_members_are_not_overlooked(file: bytes) -> None:
    anew = zip_of(*read_zip(file).items())
    for data in (file + b"x", b"x" + file, anew + b"x"):
        assert "the file was changed" in first_broken(data)


def test_a_file_that_is_not_listed_is_not_overlooked(file: bytes) -> None:
    broken = first_broken(pack({**read_zip(file), "extra.json": to_canonical({})}))
    assert broken == "extra.json is not listed in manifest.json"
