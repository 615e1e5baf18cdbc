"""What the changes of the counting engine's lines are told to have come to."""

import json

from tools import mutants
from tools.mutants import Module

# As the tool writes them: each function, its changes, and what chooses between them.
SOURCE = '''\
def x_last__mutmut_orig(a: int) -> int:
    """Say it."""
    return a * 5


def x_last__mutmut_1(a: int) -> int:
    """Say it."""
    return a / 5


def x_last__mutmut_2(a: int) -> int:
    """Say it."""
    return a * 6

mutants_x_last__mutmut['_mutmut_orig'] = x_last__mutmut_orig # type: ignore # mutmut generated

TAIL = "tail"
'''
FAILED, PASSED, NO_TEST, TOO_LONG, BROKEN_OFF = 1, 0, 33, 36, 2


def test_a_change_is_noticed_by_a_test_that_fails_and_not_where_no_test_runs_it(tmp_path):
    codes = {"a": FAILED, "b": TOO_LONG, "c": PASSED, "d": NO_TEST, "e": BROKEN_OFF, "f": None}
    module = Module("one.py", tmp_path, codes)
    assert module.noticed == 2
    assert module.unnoticed == ["c", "d", "e"]


def test_all_that_was_not_noticed_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(mutants, "COPY", tmp_path)
    notes = tmp_path / "mutants" / mutants.ENGINE / "one.py.meta"
    notes.parent.mkdir(parents=True)
    codes = {"a": FAILED, "b": TOO_LONG, "c": PASSED, "d": NO_TEST, "e": BROKEN_OFF}
    notes.write_text(json.dumps({"exit_code_by_key": codes}))
    mutants.forget_unnoticed()
    (module,) = mutants.modules()
    assert module.ended == {"a": FAILED, "b": TOO_LONG, "c": None, "d": None, "e": None}


def test_a_change_is_shown_by_its_own_lines(tmp_path):
    source = tmp_path / "one.py"
    source.write_text(SOURCE)
    names = ("one.x_last__mutmut_1", "one.x_last__mutmut_2")
    module = Module("one.py", source, dict.fromkeys(names, PASSED))
    assert list(mutants.changes(module)) == [
        f"{names[0]}\n-return a * 5\n+return a / 5",
        f"{names[1]}\n-return a * 5\n+return a * 6",
    ]
