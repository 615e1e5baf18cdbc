"""A receipt's file can be checked by anybody: with the published key, and here against the urn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.ballots.models import Envelope
from app.ballots.rules import NotAReceipt, read_receipt

KEY = re.compile(r'<p class="hash">([0-9a-f]{64})</p>')


@pytest.fixture
def saved(polls, new_browser, tmp_path):
    """The file of a voter's receipt, as they saved it."""
    voter = polls.world.resident()
    ballot_id = polls.opened()
    polls.cast(ballot_id, voter, 1)
    browser = new_browser().sign_in(polls.world, voter)
    file = tmp_path / "receipt.txt"
    file.write_bytes(browser.open(f"/ballots/{ballot_id}/receipt.txt").page.get_data())
    return file


@pytest.fixture
def check(polls):
    """Ask the command about a file; return its exit code and its words."""

    def run(file, *more):
        runner = polls.world.app.test_cli_runner()
        asked = runner.invoke(args=["ballots", "check-receipt", str(file), *more])
        return asked.exit_code, asked.output

    return run


def rewritten(file, old, new):
    file.write_text(re.sub(old, new, file.read_text()))
    return file


def test_a_receipt_is_signed_with_the_published_key_and_its_ballot_is_in_the_urn(
    saved, check, browser
):
    key = KEY.search(browser.open("/about").text)[1]
    assert check(saved) == (
        0,
        f"signed with the key {key}, and the ballot lies in the urn of ballot 1\n",
    )
    assert check(saved, "--key", key) == (0, f"signed with the key {key}\n")


@pytest.mark.parametrize("name", ["ballot", "leaf", "setup", r"signature \(Ed25519\)"])
def test_a_receipt_with_one_value_changed_is_not_signed(saved, check, name):
    other = rewritten(saved, rf"({name}: )(.)", lambda found: found[1] + "12"[found[2] == "1"])
    code, said = check(other)
    assert code == 1
    assert "it was not signed with this key" in said


def test_a_key_that_only_the_file_names_proves_nothing(saved, check):
    rewritten(saved, r"public key: [0-9a-f]+", "public key: " + "0" * 64)
    assert check(saved)[0] == 0
    assert check(saved, "--key", "0" * 64) == (1, "Error: it was not signed with this key\n")
    assert check(saved, "--key", "zz")[0] == 2


def test_a_signed_receipt_whose_ballot_is_gone_is_told(polls, saved, check):
    with polls.world.write() as session:
        session.execute(update(Envelope).values(leaf=b"another"))
    code, said = check(saved)
    assert code == 1
    assert "signed here, but no such ballot lies in the urn of ballot 1" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"leaf: .*", "", "it has 0 lines `leaf: …`"),
        (r"(leaf: .*)", r"\1\n\1", "it has 2 lines `leaf: …`"),
        (r"leaf: [0-9a-f]", "leaf: ", "`leaf` does not have 64"),
        (r"ballot: 1", "ballot: 01", "`ballot` is no number"),
        (r"ballot: 1", "ballot: " + "9" * 11, "`ballot` is no number"),
        (r"\Z", "x" * 10_001, "longer than 10000 bytes"),
    ],
)
def test_what_is_no_receipt_is_said_in_one_line(saved, check, old, new, said):
    code, told = check(rewritten(saved, old, new))
    assert code == 1
    assert said in told
    assert told.count("\n") == 1


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(raw):
    with pytest.raises(NotAReceipt):
        read_receipt(raw)
