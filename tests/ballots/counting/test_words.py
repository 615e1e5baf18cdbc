"""What a count says in Korean and in English, from its data alone."""

from fractions import Fraction

import pytest

from app.ballots import words
from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.channels import count_channels
from app.ballots.rules.counting.election import Approval, Candidate
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.majority import Majority
from app.ballots.rules.counting.outcome import Count, Round, Step, Tie, TieKind, Verdict
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.terms import Channel
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.yes_no import count_yes_no
from app.ballots.words.amounts import amount
from app.ballots.words.voice import together
from tests.ballots.counting.elections import FOOD, FOOD_PAPER, paper, rankings

F = Fraction
NAMES = {"A": "쉼터", "B": "놀이터", "C": "도서관", "D": "벽화", "two": "시민참여예산"}


@pytest.fixture
def tell(app):
    """The sentences of a count in a language, as `heading: sentence` lines."""

    def told(count, language="ko", names=NAMES):
        cookie = {"Cookie": f"language={language}"}
        with app.test_request_context(headers=cookie):
            return [
                f"{one.heading}: {sentence}"
                for one in words.tell_count(count, names, names)
                for sentence in one.sentences
            ]

    return told


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (F(0), "0"),
        (F(1234), "1,234"),
        (F(37, 3), "12⅓"),
        (F(1, 2), "½"),
        (F(25, 8), "3⅛"),
        (F(3127, 1000), "3.127"),
        (F(1, 100), "0.01"),
        (F(40001, 10000), "4.0001"),
        (F(38, 7), "5 3/7"),
        (F(3, 7), "3/7"),
        (F(98, 99), "98/99"),
        (F(1, 101), "≈0.0099"),
        (F(200_001, 101), "≈1,980.2079"),
        (F(99_999_999, 100_000_001) + 1, "≈2.0000"),
    ],
)
def test_exact_numbers_as_people_write_them(number, text):
    assert amount(number) == text


def test_instant_runoff_in_rounds(tell):
    count = count_instant_runoff(paper("ABCD"), rankings("42: A\n26: B > C\n15: D > C\n17: C"))
    assert tell(count) == [
        "1라운드: 벽화는 최하위 15표로 탈락합니다.",
        "1라운드: 벽화의 표가 이동합니다: 15표가 도서관으로.",
        "2라운드: 놀이터는 최하위 26표로 탈락합니다.",
        "2라운드: 놀이터의 표가 이동합니다: 26표가 도서관으로.",
        "3라운드: 도서관은 남아 있는 100표의 과반인 58표로 선정되었습니다.",
        "3라운드: 쉼터는 42표이고, 남은 자리가 없어 선정되지 않았습니다.",
    ]
    assert tell(count, "en", {}) == [
        "Round 1: D is last with 15 votes and is eliminated.",
        "Round 1: Votes of D move on: 15 votes to C.",
        "Round 2: B is last with 26 votes and is eliminated.",
        "Round 2: Votes of B move on: 26 votes to C.",
        "Round 3: C is selected with 58 votes, more than half of the 100 votes still in the count.",
        "Round 3: A has 42 votes; no place was left, so it is not selected.",
    ]


def test_stv_tells_quotas_surpluses_and_exhausted_papers(tell):
    food = {
        "Chocolate": "초콜릿",
        "Orange": "귤",
        "Pear": "배",
        "Strawberry": "딸기",
        "Sweets": "사탕",
    }
    assert tell(count_stv(FOOD_PAPER, FOOD, 3), names=food) == [
        "1라운드: 초콜릿은 12표로 당선 기준 6표를 넘어 선정되었습니다. 넘긴 표는 6표입니다.",
        "1라운드: 초콜릿의 표가 이동합니다: 4표가 딸기로, 2표가 사탕으로.",
        "2라운드: 배는 최하위 2표로 탈락합니다.",
        "2라운드: 배의 표가 이동합니다: 2표가 귤로.",
        "3라운드: 귤은 당선 기준 6표를 꼭 채워 선정되었습니다.",
        "3라운드: 사탕은 최하위 3표로 탈락합니다.",
        "3라운드: 사탕의 표가 이동합니다: 다음 이름이 없어 소진된 것이 3표.",
        "4라운드: 딸기는 5표이고, 남은 후보가 남은 자리보다 많지 않아 선정되었습니다.",
    ]
    assert tell(count_stv(FOOD_PAPER, FOOD, 3), "en", {})[0] == (
        "Round 1: Chocolate has 12 votes, over the quota of 6 votes, and is selected."
        " The surplus is 6 votes."
    )


def test_fractions_are_told_as_people_write_them(tell):
    count = count_instant_runoff(paper("ABCD"), rankings("1: A=B=C\n2: D\n1: B\n1: C"))
    assert tell(count)[1] == "1라운드: 쉼터의 표가 이동합니다: ⅙표가 놀이터로, ⅙표가 도서관으로."
    assert tell(count, "en", {})[0] == "Round 1: A is last with ⅓ vote and is eliminated."


def test_approval_by_section_with_a_tie_left_open(tell):
    candidates = (*paper("A", section="one"), *paper("BCD", section="two"))
    count = count_approval(candidates, {"A": 1, "B": 9, "C": 9}, {"one": 1, "two": 1}, voters=12)
    assert tell(count) == [
        "one: 쉼터는 1표로 선정되었습니다.",
        (
            "시민참여예산: ‘놀이터’와 ‘도서관’이 똑같이 9표이고 남은 자리는 1개입니다."
            " 아무도 임의로 고르지 않고 동점으로 둡니다. 총회가 정합니다."
        ),
        "시민참여예산: 놀이터는 동점으로 남아 있습니다.",
        "시민참여예산: 도서관은 동점으로 남아 있습니다.",
        "시민참여예산: 벽화는 한 표도 얻지 못해 선정되지 않았습니다.",
    ]
    assert tell(count, "en", {})[0] == "one: A is selected with 1 vote."
    few = count_approval(paper("A"), {"A": 3}, {"": 1}, voters=3, needed=5)
    assert tell(few) == [
        "여럿 고르기: 쉼터는 3표입니다. 3명이 참여하여 성원 기준 5명에 미치지 못해 정해지지 않았습니다."
    ]


@pytest.mark.parametrize(
    ("rule", "number", "part"),
    [
        (TieRule.JOINT, "", "총회가 정합니다"),
        (TieRule.RUNOFF, "", "결선 투표를 합니다"),
        (TieRule.CHEAPER, "", "예산까지 같아"),
        (
            TieRule.PAPER_ORDER,
            "",
            "먼저 접수된(용지에서 앞선) 쪽이 앞섭니다. 차례는 쉼터, 놀이터입니다.",
        ),
        (TieRule.DRAW, "20211127", "공개된 번호 20211127에 후보의 번호를 이어"),
    ],
)
def test_every_tie_rule_has_its_words(tell, rule, number, part):
    count = count_approval(paper("AB"), {"A": 4, "B": 4}, {"": 1}, ties=TieBreak(rule, number))
    assert part in tell(count)[0]
    assert "%(" not in "".join(tell(count, "en"))


def test_the_cheaper_goes_first_in_words(tell):
    candidates = (Candidate(id="A", cost=F(9)), Candidate(id="B", cost=F(5)))
    count = count_approval(candidates, {"A": 4, "B": 4}, {"": 1}, ties=TieBreak(TieRule.CHEAPER))
    assert "예산이 적은 쪽이 앞섭니다. 차례는 놀이터, 쉼터입니다." in tell(count)[0]


def test_ties_between_rounds(tell):
    earlier = tell(
        count_instant_runoff(paper("ABCD"), rankings("9: A\n6: B > A\n5: C > A\n1: D > C"))
    )
    assert earlier[2] == (
        "2라운드: ‘놀이터’와 ‘도서관’이 6표로 함께 최하위입니다. 앞선 1라운드에서는 표가 달랐으므로"
        " 그 차례를 따릅니다. 그래서 도서관이 탈락합니다."
    )
    stopped = tell(count_instant_runoff(paper("ABC"), rankings("4: A\n2: B\n2: C")))
    assert stopped[0].endswith("총회가 정하거나 추첨 번호를 공개하면 이어서 셀 수 있습니다.")
    even = rankings("8: A > C\n8: B > D\n2: C\n2: D\n1: E")
    together = tell(count_stv(paper("ABCDE"), even, 3))
    assert (
        "‘쉼터’와 ‘놀이터’가 똑같이 8표로 기준을 넘었습니다. 넘긴 표를 함께 옮깁니다."
        in together[0]
    )
    by_rule = count_stv(paper("ABCDE"), even, 3, ties=TieBreak(TieRule.PAPER_ORDER))
    assert "그래서 쉼터가 넘긴 표를 먼저 옮깁니다." in tell(by_rule)[0]


def test_schulze_tells_duels_and_paths_where_they_turn_one(tell):
    circle = rankings("4: A > B > C\n3: B > C > A\n2: C > A > B")
    told = tell(count_schulze(paper("ABC"), sum_of_preferences(paper("ABC"), circle)))
    assert told == [
        "일대일 비교 (슐체): 쉼터 대 놀이터: 6표 대 3표.",
        "일대일 비교 (슐체): 쉼터 대 도서관: 4표 대 5표.",
        "일대일 비교 (슐체): 다른 비교를 거친 가장 센 길까지 보면, 그 길에서 가장 약한 비교가 쉼터 쪽은 6표 대 3표, 도서관 쪽은 5표 대 4표입니다.",
        "일대일 비교 (슐체): 놀이터 대 도서관: 7표 대 2표.",
        "일대일 비교 (슐체): 쉼터는 남은 누구와 견주어도 지지 않아 선정되었습니다.",
        "일대일 비교 (슐체): 놀이터는 앞선 후보에게 져서 선정되지 않았습니다.",
        "일대일 비교 (슐체): 도서관은 앞선 후보에게 져서 선정되지 않았습니다.",
    ]
    even = rankings("1: A > B\n1: B > A")
    tied = tell(count_schulze(paper("AB"), sum_of_preferences(paper("AB"), even)))
    assert "‘쉼터’와 ‘놀이터’가 서로 앞서지 않습니다. 남은 자리는 1개입니다." in tied[1]


def test_yes_and_no_one_points_and_channels(tell):
    motion = {"motion": "운영세칙 개정안"}
    carried = count_yes_no(Candidate(id="motion"), yes=16, no=10, abstain=4)
    assert tell(carried, names=motion) == [
        "찬반: 운영세칙 개정안은 참여자 30명 가운데 16표로, 필요한 16표 이상이므로 선정되었습니다."
    ]
    lost = count_yes_no(Candidate(id="motion"), yes=15, no=15)
    assert tell(lost, "en", motion) == [
        "Yes or no: 운영세칙 개정안 has 15 votes out of 30 people taking part, less than the 16 votes needed."
    ]
    runoff = count_single(paper("ABC"), {"A": 4, "B": 3, "C": 3}, majority=Majority(), voters=10)
    assert tell(runoff)[0] == (
        "하나 고르기: 쉼터는 참여자 10명 가운데 4표로, 필요한 6표에 미치지 못했습니다. 결선 투표로 갑니다."
    )
    scores = count_scores(paper("AB"), {"A": 10, "B": 7}, {"": 1})
    assert tell(scores) == [
        "점수: 자리 1개의 경계: 마지막으로 든 쉼터 10점, 바로 다음 놀이터 7점, 차이 3점.",
        "점수: 쉼터는 10점으로 선정되었습니다.",
        "점수: 놀이터는 7점이고, 남은 자리가 없어 선정되지 않았습니다.",
    ]
    channels = (
        Channel(id="online", weight=F(50), sums={"A": 2, "B": 1}),
        Channel(id="hall", weight=F(50), sums={"A": 1, "B": 1}),
    )
    told = tell(count_channels(paper("AB"), channels, {"": 1}), names={**NAMES, "online": "온라인"})
    assert told[1] == (
        "경로별 가중 합산: 쉼터는 58⅓점으로 선정되었습니다. (온라인 2표 → 33⅓점, hall 1표 → 25점)"
    )


def _told_alone(tell, method, verdict, language="ko", **figures):
    """The sentence of one decision, as the budget rules write them."""
    step = Step(
        candidate="A",
        verdict=verdict,
        votes=F(12),
        figures={key: F(value) for key, value in figures.items()},
    )
    count = Count(method=method, selected=(), rounds=(Round(number=1, steps=(step,)),))
    (line,) = tell(count, language)
    return line.partition(": ")[2]


@pytest.mark.parametrize(
    ("method", "verdict", "figures", "korean", "english"),
    [
        (
            "greedy",
            Verdict.SELECTED,
            {"cost": 30, "left": 50},
            "쉼터는 12표이고, 비용 30이 남은 예산 50 안에 들어 선정되었습니다.",
            "쉼터 has 12 votes and costs 30, within the 50 left, and is selected.",
        ),
        (
            "greedy-no-skip",
            Verdict.SELECTED,
            {"cost": 60, "left": 50},
            "쉼터는 12표입니다. 비용 60에 남은 예산 50이 모자라지만, 미리 정한 대로 마지막으로 선정되었습니다.",
            (
                "쉼터 has 12 votes. It costs 60, more than the 50 left, but as set beforehand it is the"
                " last to be selected."
            ),
        ),
        (
            "greedy",
            Verdict.TOO_COSTLY,
            {"cost": 60, "left": 50},
            "쉼터는 12표이지만 비용 60에 남은 예산 50이 모자라 선정되지 않았습니다.",
            "쉼터 has 12 votes but costs 60, more than the 50 left, and is not selected.",
        ),
        (
            "greedy",
            Verdict.BELOW_THRESHOLD,
            {"cost": 60, "left": 50, "threshold": 20},
            "쉼터는 12표로, 정해진 최소 20표에 미치지 못했습니다.",
            "쉼터 has 12 votes, less than the set minimum of 20 votes.",
        ),
        (
            "greedy-no-skip",
            Verdict.STOPPED,
            {},
            "쉼터는 셈이 앞에서 멈추어 선정되지 않았습니다.",
            "쉼터 is not selected, because the count had stopped before it.",
        ),
        (
            "greedy",
            Verdict.RIVAL_SELECTED,
            {},
            "쉼터는 함께 선정될 수 없는 것이 먼저 선정되어 빠졌습니다.",
            "쉼터 is out, because one that cannot be selected with it was selected before.",
        ),
        (
            "greedy",
            Verdict.WITHDRAWN,
            {},
            "쉼터는 철회되어 세지 않았습니다.",
            "쉼터 was withdrawn and is not counted.",
        ),
        (
            "equalshares",
            Verdict.SELECTED,
            {"cost": 30, "price": F(5, 2), "emptied": 3},
            (
                "쉼터는 지지자가 한 사람에 2½까지 함께 내어 비용 30을 채워 선정되었습니다."
                " 3명은 가진 몫을 다 냈습니다."
            ),
            (
                "쉼터 is selected: its supporters pay its cost of 30 together, up to 2½ each."
                " 3 people gave all they had."
            ),
        ),
        (
            "equalshares",
            Verdict.SELECTED,
            {"cost": 30, "price": 3},
            "쉼터는 지지자가 한 사람에 3까지 함께 내어 비용 30을 채워 선정되었습니다.",
            "쉼터 is selected: its supporters pay its cost of 30 together, up to 3 each.",
        ),
        (
            "equalshares/add1",
            Verdict.UNAFFORDABLE,
            {"cost": 30, "money": 29},
            "쉼터는 지지자에게 남은 몫이 모두 29뿐이어서 비용 30을 함께 낼 수 없습니다.",
            "쉼터 costs 30, which its supporters cannot pay together: they have 29 left in all.",
        ),
        (
            "equalshares",
            Verdict.UNAFFORDABLE,
            {"cost": 30},
            "쉼터는 지지자가 남은 몫으로 비용 30을 함께 낼 수 없습니다.",
            "쉼터 costs 30, which its supporters cannot pay together with what they have left.",
        ),
    ],
)
def test_what_the_budget_rules_decide_has_its_words(
    tell, method, verdict, figures, korean, english
):
    assert _told_alone(tell, method, verdict, **figures) == korean
    assert _told_alone(tell, method, verdict, "en", **figures) == english


def test_every_verdict_has_its_words(tell):
    figures = dict.fromkeys(
        ("voters", "needed", "base", "majority", "threshold", "cost", "left", "money"), 1
    )
    told = {verdict: _told_alone(tell, "greedy", verdict, **figures) for verdict in Verdict}
    assert len(set(told.values())) == len(Verdict)
    assert not any("%(" in sentence for sentence in told.values())


def test_a_tie_of_strangers_and_of_budgets_tells_its_names(tell):
    tie = Tie(candidates=("A", "Z"), places=2, rule=TieRule.JOINT, kind=TieKind.SELECTION, round=1)
    step = Step(candidate="B", verdict=Verdict.SELECTED, votes=F(3))
    count = Count(
        method="unheard", selected=(), rounds=(Round(number=1, steps=(step,)),), ties=(tie,)
    )
    told = tell(count)
    assert told[0].startswith(
        "unheard: ‘쉼터’와 ‘Z’가 서로 앞서지 않습니다. 남은 자리는 2개입니다."
    )
    assert len(told) == 2


def test_equals_within_a_budget_have_no_places(tell):
    candidates = [Candidate(id=one, cost=F(6)) for one in "AB"]
    rule = GreedyRule(budget=F(10), ties=TieBreak(TieRule.JOINT))
    count = count_greedy(candidates, {"A": F(4), "B": F(4)}, rule)
    assert (
        "‘쉼터’와 ‘놀이터’가 똑같이 4표이고, 이 가운데 많아야 1개가 선정됩니다." in tell(count)[0]
    )
    assert "have 4 votes each. At most 1 of them can be selected." in tell(count, "en")[0]


def test_a_comparison_tells_for_how_many_each_selection_is_better(tell):
    candidates = [
        Candidate(id=one, cost=F(cost)) for one, cost in zip("ABC", (28, 32, 20), strict=True)
    ]
    ballots = [Approval(("A", "B"), F(4)), Approval(("C",), F(2))]
    rule = SharesRule(budget=F(60), compare=True)
    assert tell(count_equal_shares(candidates, ballots, rule))[-1] == (
        "견줌: 골랐던 것을 득표순에서 더 얻는 사람은 4명, 고른 몫에서 더 얻는 사람은 2명입니다."
        " 그래서 득표순의 선정을 따릅니다."
    )
    fewer = [Approval(("A", "B"), F(2)), Approval(("C",), F(2))]
    assert tell(count_equal_shares(candidates, fewer, rule), "en")[-1].endswith(
        "So the selection by Equal Shares stands."
    )


def test_the_line_between_in_and_out_names_its_places(tell):
    told = tell(count_approval(paper("AB"), {"A": 2, "B": 1}, {"": 1}), "en", {})
    assert told[0] == (
        "Pick several: Places: 1. A is the last one in with 2 votes,"
        " B the first one out with 1 vote; 1 vote apart."
    )


def test_those_who_stood_equal_are_joined_by_the_right_word(app):
    with app.test_request_context():
        assert together(["쉼터"], "이") == "‘쉼터’가"
        assert together(["쉼터", "밝은 골목", "도서관"], "이") == "‘쉼터’, ‘밝은 골목’과 ‘도서관’이"
