"""The rules that need no numpy: turns, likeness, attendance, the gist, one's own place."""

from __future__ import annotations

from datetime import date

from app.forum.rules.attendance import by_age, by_dong
from app.forum.rules.gist import gist_of
from app.forum.rules.likeness import alike
from app.forum.rules.turns import Turn, chosen_next
from app.forum.rules.whereabouts import own_place


def test_a_little_seen_sentence_comes_more_often_and_the_same_on_reload():
    turns = [Turn(1, 40, 20, 80), Turn(2, 1, 0, 1)]
    drawn = [chosen_next(turns, {}, person_id=person, weighed=0) for person in range(200)]
    assert drawn.count(2) > 150
    assert drawn == [chosen_next(turns, {}, person_id=person, weighed=0) for person in range(200)]
    assert chosen_next([], {}, person_id=1, weighed=0) is None


def test_sentences_are_alike_by_their_sounds_in_any_order_of_words():
    texts = {1: "점심 시간에 차를 막읍시다", 2: "차를 점심시간에 막자", 3: "주차장을 늘리자"}
    texts |= {4: "점심시간에 차를 막자", 5: "아무 상관 없는 말"}
    found = alike(texts, [4, 5])
    assert [key for key, _ in found[4]] == [2, 1]
    assert found[5] == []


def test_of_many_alike_the_three_likest_are_told():
    texts = {n: "점심시간에 차를 막자" + "요" * n for n in range(40)}
    assert [key for key, _ in alike(texts, [0])[0]] == [1, 2, 3]


def test_cells_under_five_are_not_told():
    people = [*((n, "가산동") for n in range(6)), *((n, "독산1동") for n in range(6, 15))]
    people += [(n, "독산2동") for n in range(15, 19)]
    told = {cell.name: cell.people for cell in by_dong(people, ["가산동", "독산1동", "독산2동"])}
    assert told == {"가산동": None, "독산1동": 9, "독산2동": None}
    born = [(n, "2000-06-02") for n in range(5)] + [(9, None)]
    ages = {cell.name: cell.people for cell in by_age(born, date(2020, 6, 1))}
    assert ages == {"0-19": 5, "20-39": None, "40-59": None, "60-199": None}


def test_a_gist_covers_both_sides_once_and_prefers_what_was_endorsed():
    opinions = (
        (1, "for", "강당을 밤 열 시까지 열어 두면 모임이 살아납니다.", 9),
        (2, "for", "강당을 밤 열 시까지 열어 두면 모임이 살아날 겁니다.", 0),
        (3, "against", "밤에 건물을 지킬 사람과 난방비를 먼저 마련해야 합니다.", 4),
        (4, "against", "밤에 건물을 지킬 사람과 돈이 없으면 열 수 없습니다.", 1),
    )
    gist = gist_of(opinions, most=2)
    assert [one.opinion_id for one in gist] == [1, 3]
    assert gist == gist_of(opinions, most=2)
    assert gist_of(()) == ()


def test_whoever_weighed_too_little_is_nowhere_on_the_map():
    memory = {
        "directions": {str(n): [0.5, 0.0] for n in range(8)},
        "means": {str(n): 0.0 for n in range(8)},
        "centres": [[-2.0, 0.0], [2.0, 0.0]],
        "frame": [0.0, 0.0, 4.0, 4.0],
    }
    assert own_place(dict.fromkeys(range(6), 1), memory) is None
    across, up, group = own_place(dict.fromkeys(range(8), 1), memory)
    assert (across, up, group) == (1.0, 0.5, 1)
    assert own_place(dict.fromkeys(range(8), -1), memory)[2] == 0
    assert own_place({}, memory | {"directions": {}, "centres": []}) is None
