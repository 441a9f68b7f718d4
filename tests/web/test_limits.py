"""What a database could not take is refused before it is asked."""

import pytest
from visitors import As

ROUND = "2027-spring"
HUGE = 10**30
ADDRESSES = [
    ("bob", "/coordinator/rounds/a%00b/offers", 404),
    ("bob", "/coordinator/institutions/uu%00.se", 404),
    ("bob", f"/coordinator/students/{HUGE}", 404),
    ("bob", f"/coordinator/agreements/{2**31}", 404),
    ("bob", "/coordinator/students?text=%00", 422),
    ("bob", f"/coordinator/students?page={HUGE}", 200),
    ("dana", f"/network/rounds/{ROUND}/runs/{HUGE}", 404),
    ("carol", f"/auditor/rounds/{ROUND}%00", 404),
    ("carol", f"/auditor/rounds/{ROUND}/log?kind=%00", 422),
    ("carol", f"/auditor/rounds/{ROUND}/log?page={HUGE}", 200),
    ("carol", f"/auditor/rounds/{ROUND}/log?page={2**31 - 1}", 200),
]


def test_nul_and_numbers_without_end_reach_no_database(signed_in_anywhere: As) -> None:
    browsers = {name: signed_in_anywhere(name) for name in ("bob", "dana", "carol")}
    for name, address, status in ADDRESSES:
        answer = browsers[name].get(address)
        assert answer.status_code == status, address


@pytest.mark.parametrize("field", ["email", "password", "next"])
def test_nul_in_a_form_is_told_in_a_sentence(
    signed_in_anywhere: As, field: str
) -> None:
    alice = signed_in_anywhere("alice")
    typed = {"email": "alice@example.org", "password": "correct horse"}
    answer = alice.post("/sign-in", "/account", **{**typed, field: "a\0b"})
    assert answer.status_code == 422
    assert "A NUL character cannot be kept" in answer.text
