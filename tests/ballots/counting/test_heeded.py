"""What a file says of its counting is heeded by the rule, or refused; never passed over."""

import json

import pytest

from app.ballots.rules.counting.election import Approval, Candidate, Election
from app.ballots.rules.counting.files import ReadFile, read_file
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.register import HEEDED, RULES, Asked, count_file
from app.ballots.rules.counting.unfit import Unfit
from app.ballots.words import tell_count

CHANNELS = [{"id": "hall", "weight": 100, "votes": {"a": 2, "b": 1}}]
KINDS = {
    **dict.fromkeys(("irv", "schulze", "stv"), ("ranking", {"tiers": [["a"], ["b"]]})),
    "score": ("score", {"points": {"a": 1}}),
}


def file(rule, **more):
    kind, ballot = KINDS.get(rule, ("approval", {"picks": ["a"]}))
    document = {
        "format": "madang/election/v1",
        "budget": 10,
        "rule": rule,
        "candidates": [{"id": one, "section": "x", "cost": 4} for one in "ab"],
        "kind": kind,
        "ballots": [] if rule == "weighted_channels" else [ballot],
        **({"channels": CHANNELS} if rule == "weighted_channels" else {}),
        **more,
    }
    return read_file("a.json", json.dumps(document).encode())


def count(rule, **more):
    return count_file(file(rule, **more), "", Asked())[0]


TERMS = {
    "sections": {"sections": [{"id": "x"}]},
    "places of sections": {"sections": [{"id": "x", "seats": 2}]},
    "budgets of sections": {"sections": [{"id": "x", "budget": 10}]},
    "majority": {"majority": {"of": "votes"}},
    "channels": {"channels": CHANNELS},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("term", TERMS)
def test_a_rule_heeds_a_term_or_refuses_the_file(rule, term):
    if term in HEEDED[rule]:
        assert "a" in count(rule, **TERMS[term]).selected
        return
    with pytest.raises(Unfit, match=f"^{rule} does not count (a )?[a-z]"):
        count(rule, **TERMS[term])


@pytest.mark.parametrize("rule", RULES)
def test_below_the_quorum_no_rule_selects_anybody(app, rule):
    assert "a" in count(rule, voters=1, needed=1).selected
    short = count(rule, voters=1, needed=100)
    assert short.selected == ()
    assert {step.verdict for step in short.verdicts.values()} == {"no_quorum"}
    with app.test_request_context():
        assert "성원 기준 100명에 미치지 못해" in tell_count(short, {}, {})[0].sentences[0]


@pytest.mark.parametrize("rule", RULES)
def test_a_quorum_without_the_number_of_voters_is_refused(rule):
    with pytest.raises(Unfit, match="how many took part"):
        count(rule, needed=1)


def test_a_quorum_that_nobody_helped_to_meet_comes_before_the_majority():
    told = count("single", ballots=[], voters=0, needed=4, majority={"of": "votes"})
    assert told.selected == ()
    assert told.verdicts["a"].verdict == "no_quorum"


def test_a_fault_of_the_program_is_not_told_as_a_fault_of_the_file():
    twice = (Candidate(id="a"), Candidate(id="a"))
    election = Election(candidates=twice, ballots=(Approval(("a",)),))
    with pytest.raises(ValueError, match="two candidates are called") as caught:
        count_file(ReadFile(election=election, rule="approval"), "", Asked())
    assert not isinstance(caught.value, Unfit)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "weighted_channels"])
@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"voters": 0}, r"more voted \(1\) than took part"),
        ({"roll": 0}, r"more took part \(1\) than the roll holds"),
        ({"voters": 3, "roll": 2}, r"more took part \(3\) than the roll holds"),
    ],
)
def test_more_papers_than_people_are_refused(rule, numbers, complaint):
    with pytest.raises(Unfit, match=complaint):
        count(rule, **numbers)


@pytest.mark.parametrize("rule", ["approval", "greedy"])
def test_sums_of_picks_may_be_more_than_the_people(rule):
    sums = [{"weight": 3, "picks": ["a"]}, {"weight": 2, "picks": ["b"]}]
    assert count(rule, ballots=sums, voters=3, roll=3).votes == {"a": 3, "b": 2}
    with pytest.raises(Unfit, match=r"more voted \(5\)"):
        count("single", ballots=sums, voters=3)
    with pytest.raises(Unfit, match=r"more voted \(3\)"):
        count(rule, ballots=sums, voters=2)


PICKS_ONE = [{"weight": 3, "picks": ["a"]}, {"weight": 3, "picks": ["b"]}]


@pytest.mark.parametrize(
    "paper",
    [
        {"picks": {"most": 1}},
        {"sections": [{"id": "x", "picks": {"most": 1}}]},
    ],
)
def test_sums_of_picks_need_as_many_people_as_the_paper_allows_picks(paper):
    assert count("approval", ballots=PICKS_ONE, voters=6, **paper).votes == {"a": 3, "b": 3}
    with pytest.raises(Unfit, match=r"more voted \(6\)"):
        count("approval", ballots=PICKS_ONE, voters=5, **paper)


def test_empty_papers_are_people_too():
    ballots = [{"weight": 5, "picks": []}, {"picks": ["a"]}]
    assert count("approval", ballots=ballots, voters=6).votes == {"a": 1, "b": 0}
    with pytest.raises(Unfit, match=r"more voted \(6\)"):
        count("approval", ballots=ballots, voters=5)


def test_an_answer_cannot_be_withdrawn():
    candidates = [{"id": "yes", "withdrawn": True}, {"id": "no"}]
    with pytest.raises(Unfit, match="no answer is withdrawn, as yes is"):
        count("yes_no", candidates=candidates, ballots=[{"picks": ["yes"]}])


@pytest.mark.parametrize("cell", ["1²", "①", "½", "٣"])
def test_signs_that_only_look_like_digits_are_no_numbers(cell):
    with pytest.raises(FormatError, match="line 2, column 1"):
        read_file("a.csv", f"승인,가,나\n{cell},1,\n".encode())
    with pytest.raises(FormatError, match="line 2, column 2"):
        read_file("a.csv", f"점수,가,나\n1,{cell},\n".encode())
    wide = read_file(
        "a.csv", "승인，가\n".encode().replace("，".encode(), b",") + "１２,○\n".encode()
    )
    assert [one.weight for one in wide.election.ballots] == [12]


def test_a_majority_of_the_roll_is_told_as_of_the_roll(app):
    majority = {"share": "2/3", "of": "roll"}
    lost = count("single", ballots=[{"weight": 3, "picks": ["a"]}], roll=10, majority=majority)
    with app.test_request_context():
        (told,) = [one for one in tell_count(lost, {}, {})[0].sentences if "명부" in one]
    assert "명부 10명 가운데 3표로, 필요한 7표에 미치지 못했습니다." in told
    assert "결선" not in told  # nobody else has a vote


def test_a_question_knows_no_seats():
    with pytest.raises(Unfit, match="knows no seats"):
        count_file(file("yes_no"), "", Asked(seats=1))


def test_a_question_and_a_budget_know_no_seats_of_a_file_either():
    for rule in ("yes_no", "greedy", "equalshares/add1"):
        with pytest.raises(Unfit, match=f"^{rule} does not count seats"):
            count(rule, seats=2)


def test_seats_beside_sections_have_to_be_those_of_the_sections():
    sections = [{"id": "x", "seats": 2}, {"id": "y"}]
    assert count("approval", sections=sections, seats=3).selected == ("a",)
    with pytest.raises(Unfit, match='which "seats" contradicts'):
        count("approval", sections=sections, seats=2)


def test_sums_of_many_picks_are_no_more_papers_than_the_most_picked_has():
    sums = [{"weight": 3, "picks": ["a"]}, {"weight": 2, "picks": ["b"]}]
    assert count("approval", ballots=sums, voters=3).selected == ("a",)
    with pytest.raises(Unfit, match=r"more voted \(3\) than took part"):
        count("approval", ballots=sums, voters=2)
    with pytest.raises(Unfit, match=r"more voted \(5\) than took part"):
        count("single", ballots=sums, voters=3)


TWICE = {
    "a.csv": ("승인,찬성,반대,기권\n5,1,,\n\n2,1,1,\n", 4, 1),
    "a.json": (
        (
            '{"format": "madang/election/v1", "candidates": [{"id": "예"}, {"id": "아니오"}],\n'
            '"ballots": [{"picks": ["예"]},\n  {"picks": ["예", "아니오"]}]}'
        ),
        3,
        3,
    ),
    "a.pb": (
        (
            "META\nkey;value\nbudget;1\nPROJECTS\nproject_id;cost;name\n1;1;yes\n2;1;no\n"
            "VOTES\nvoter_id;vote\n1;1\n2;1,2\n"
        ),
        11,
        1,
    ),
}


@pytest.mark.parametrize("rule", ["yes_no", "single"])
@pytest.mark.parametrize("name", TWICE)
def test_a_paper_with_two_answers_is_refused_where_it_stands(name, rule):
    text, line, column = TWICE[name]
    with pytest.raises(FormatError, match=f"^line {line}, column {column}: expected a ballot that"):
        count_file(read_file(name, text.encode()), rule, Asked())


def test_a_paper_without_an_answer_is_an_abstention_in_every_format():
    for name, (text, *_) in TWICE.items():
        mended = text.replace("2,1,1,", "2,,,").replace('["예", "아니오"]', "[]")
        read = read_file(name, mended.replace("2;1,2", "2;").encode())
        told, _ = count_file(read, "yes_no", Asked())
        yes = told.votes["yes"]
        assert (told.votes["no"], told.votes["abstain"]) == (0, 2 if yes == 5 else 1)
        assert told.figures["voters"] == yes + told.votes["abstain"]


def test_orders_of_preference_are_no_answers():
    text = "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: yes\n# ALTERNATIVE NAME 2: no\n3: 1,2\n"
    with pytest.raises(Unfit, match="counts ballots that pick"):
        count_file(read_file("a.soc", text.encode()), "yes_no", Asked())


@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_a_list_of_names_of_which_the_last_two_are_one_are_refused_where_the_second_stands(name):
    names = [*(f"n{number}" for number in range(9_999)), "n9998"]
    if name == "a.csv":
        text, where = "승인," + ",".join(names), "line 1, column 10001"
    else:
        rows = ",\n".join(json.dumps({"id": one}) for one in names)
        text = f'{{"format": "madang/election/v1", "candidates": [\n{rows}\n]}}'
        where = "line 10001, column"
    with pytest.raises(FormatError, match=f"^{where}"):
        read_file(name, text.encode())


def test_channels_without_a_row_are_refused():
    with pytest.raises(FormatError, match="line 2, column 1: expected a row for each channel"):
        read_file("a.csv", "경로,비중,놀이터\n".encode())


@pytest.mark.parametrize("head", ["반대,찬성", "찬성,기권,반대", "No,Yes", "안,찬성"])
def test_answers_in_another_order_than_yes_no_abstain_are_refused(head):
    text = f"승인,{head}\n1,1,\n"
    with pytest.raises(Unfit, match="in the order yes, no, abstain"):
        count_file(read_file("a.csv", text.encode()), "yes_no", Asked())


def test_an_answer_is_known_by_its_id_too():
    candidates = [{"id": "no", "name": "반대합니다"}, {"id": "yes", "name": "찬성합니다"}]
    with pytest.raises(Unfit, match="in the order yes, no, abstain, not 반대합니다"):
        count("yes_no", candidates=candidates, ballots=[])


def test_answers_by_other_names_go_by_their_place():
    read = read_file("a.csv", "승인,하자,말자\n2,1,\n1,,1\n".encode())
    assert count_file(read, "yes_no", Asked())[0].selected == ("1",)
