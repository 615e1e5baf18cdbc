"""Equal Shares among hundreds and thousands of projects: the same as step by step, and in time."""

import random
from fractions import Fraction

from app.ballots import commands
from app.ballots.rules.counting.election import Approval, Candidate
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule

ONE = Fraction(1)


def shares(candidates, ballots, budget, **how):
    return count_equal_shares(candidates, ballots, SharesRule(budget=Fraction(budget), **how))


def prices(count):
    return [
        (step.candidate, step.figures["price"])
        for step in count.verdicts.values()
        if step.verdict is Verdict.SELECTED
    ]


def test_among_hundreds_of_projects_whole_units_are_passed_over_only_where_nothing_changes():
    chance = random.Random(3)
    candidates = [
        Candidate(id=str(number), cost=Fraction(chance.randint(2, 12))) for number in range(400)
    ]
    names = [one.id for one in candidates]
    voters = [Approval(tuple(chance.sample(names, 8))) for _ in range(60)]
    budget = Fraction(700)
    count = shares(candidates, voters, budget, add=ONE)
    paper = {one.id: one for one in candidates}
    endowment = whole = budget // 60
    best = shares(candidates, voters, budget)
    while True:
        endowment += 1
        run = shares(candidates, voters, endowment * 60)
        if sum(paper[name].cost for name in run.selected) > budget:
            break
        best = run
    assert count.figures["endowment"] == endowment - 1 > whole
    assert count.selected == best.selected
    assert prices(count) == prices(best)


def test_hundreds_of_equal_projects_do_not_take_a_count_for_each():
    candidates = [Candidate(id=str(number), cost=Fraction(5)) for number in range(300)]
    voters = [Approval((str(number), str((number + 7) % 300))) for number in range(300)]
    count = shares(candidates, voters, 900, add=ONE, ties=TieBreak(TieRule.PAPER_ORDER))
    assert sum(one.cost for one in candidates if one.id in count.selected) <= 900
    assert count.selected[:8] == ("0", "1", "2", "3", "4", "5", "6", "14")
    assert {tie.rule for tie in count.ties} == {TieRule.PAPER_ORDER}


def test_a_count_that_takes_long_says_so_beside_its_results(app, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.0)
    path = tmp_path / "many.pb"
    costs = "".join(f"{number};{number % 9 + 2}\n" for number in range(400))
    votes = "".join(f"{voter};{voter},{voter * 7 % 400}\n" for voter in range(1, 400))
    meta = "META\nkey;value\nbudget;600\nrule;equalshares/add1\n"
    path.write_text(f"{meta}PROJECTS\nproject_id;cost\n{costs}VOTES\nvoter_id;vote\n{votes}")
    result = app.test_cli_runner().invoke(commands.ballots, ["count", str(path)])
    assert result.exit_code == 0
    assert result.stderr == "many.pb: 아직 세고 있습니다. 사업이 많으면 오래 걸립니다.\n"
