"""Conversations come in as others publish them and go out so that nobody can be told."""

from __future__ import annotations

import pytest

from app.forum.rules import exchange
from app.forum.rules.exchange import Malformed, Published, conversation, decoded, written

COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    '1,x,0,5,2,1,1,"차를, 막자"\n2,x,1,5,0,0,-1,광고\n3,x,10,6,1,0,0,"두\n줄"\n'
)
MATRIX = (
    "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,10\n"
    "7,1,0,2,1,1,1,,-1\n5,0,2,3,1,1,-1,1,0\n9,,0,1,0,0,,,0\n"
)
VOTES = (
    "timestamp,datetime,comment-id,voter-id,vote\n"
    "5,x,0,7,-1\n9,x,0,7,1\n6,x,10,7,-1\n8,x,0,7,0\n6,x,0,5,-1\n"
)


def test_a_conversation_is_read_from_its_matrix():
    talk = conversation({exchange.COMMENTS: COMMENTS, exchange.PARTICIPANTS: MATRIX})
    assert [(one.id, one.shown) for one in talk.remarks] == [
        ("0", True),
        ("1", False),
        ("10", True),
    ]
    assert [one.text for one in talk.remarks] == ["차를, 막자", "광고", "두\n줄"]
    assert talk.people == ("5", "7", "9")
    assert talk.votes["7", "10"] == -1
    assert ("7", "1") not in talk.votes
    assert talk.counted == {"5", "7"}


def test_the_list_of_votes_serves_where_there_is_no_matrix_and_its_latest_vote_counts():
    talk = conversation({exchange.COMMENTS: COMMENTS, exchange.VOTES: VOTES})
    assert talk.votes == {("7", "0"): 1, ("7", "10"): -1, ("5", "0"): -1}
    assert talk.counted is None


def test_a_matrix_alone_is_enough_and_a_further_column_does_not_disturb():
    talk = conversation(
        {
            exchange.PARTICIPANTS: MATRIX.replace("participant,", "participant,xid,")
            .replace("\n7,", "\n7,,")
            .replace("\n5,", "\n5,,")
            .replace("\n9,", "\n9,,")
        }
    )
    assert len(talk.remarks) == 3
    assert talk.counted == {"5", "7"}


def test_a_vote_on_a_statement_that_no_file_holds_is_kept_and_told():
    talk = conversation({exchange.COMMENTS: COMMENTS, exchange.VOTES: VOTES + "9,x,77,5,1\n"})
    assert talk.unknown == ("77",)
    assert talk.remarks[-1].text == ""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (exchange.VOTES, "", r"votes\.csv, line 1: expected a header"),
        (exchange.VOTES, "a,b\n", r"line 1, column comment-id: expected this column"),
        (exchange.VOTES, "comment-id,voter-id,vote\n1,2,1\n1,3,7\n", r"line 3, column vote: .*'7'"),
        (exchange.VOTES, "comment-id,voter-id,vote\n1,2\n", r"line 2: expected 3 cells .*found 2"),
        (exchange.VOTES, "comment-id,voter-id,vote\n,2,1\n", r"line 2, column comment-id: .*an id"),
        (exchange.VOTES, 'comment-id,voter-id,vote\n1,2,"1\n', r"line 2: expected comma-separated"),
        (
            exchange.VOTES,
            "timestamp,comment-id,voter-id,vote\nsoon,1,2,1\n",
            r"line 2, column timestamp: expected a number",
        ),
        (exchange.PARTICIPANTS, "participant,0\n1,x\n", r"line 2, column 0: .*'x'"),
    ],
)
def test_a_broken_file_is_told_by_line_and_column(name, text, message):
    with pytest.raises(Malformed, match=message):
        conversation({name: text})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("comment-id,is-meta,comment-body\n0,yes,x\n", r"line 2, column is-meta: .*'yes'"),
        ("comment-id,moderated,comment-body\n0,5,x\n", r"line 2, column moderated: .*'5'"),
        ("comment-id,comment-body\n0,x\n0,y\n", r"line 3, column comment-id: .*0 twice"),
        ('comment-id,comment-body\n0,"a\nb"\n,y\n', r"line 4, column comment-id"),
    ],
)
def test_broken_statements_are_told_by_line_and_column(text, message):
    with pytest.raises(Malformed, match=message):
        conversation({exchange.COMMENTS: text, exchange.PARTICIPANTS: MATRIX})


def test_files_without_votes_are_refused():
    with pytest.raises(Malformed, match=r"expected this file or participants-votes\.csv"):
        conversation({exchange.COMMENTS: COMMENTS})


@pytest.mark.parametrize(
    "content", ["가\n".encode(), b"\xef\xbb\xbf" + "가\n".encode(), "가\n".encode("cp949")]
)
def test_text_from_anywhere_is_read(content):
    assert decoded(content, "x.csv") == "가\n"


def test_what_is_no_text_is_refused():
    with pytest.raises(Malformed, match="text in UTF-8 or CP949"):
        decoded(b"\xff\xff\x00", "x.csv")


def test_what_goes_out_comes_in_again_without_small_cells():
    people = [f"p{n}" for n in range(12)]
    votes = {(one, "1"): 1 for one in people} | {(one, "2"): -1 for one in people[:4]}
    groups = dict.fromkeys(people[:9], 0) | dict.fromkeys(people[9:], 1)
    files = written(
        topic="길",
        question="막을까?",
        remarks=[Published("1", "하나", 12, 0, 12, True), Published("2", "둘", 0, 4, 4, True)],
        votes=votes,
        groups=groups,
    )
    assert files[exchange.COMMENTS].splitlines()[2] == "2,,,1,둘,false"
    talk = conversation(files)
    assert talk.votes == {(one, "1"): 1 for one in people}
    assert talk.counted == set(people[:9])
    assert (talk.topic, talk.question) == ("길", "막을까?")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_read_and_a_lone_one_inside_a_text_ends_no_line(end):
    votes = VOTES.replace("\n", end)
    assert conversation({exchange.VOTES: votes}).votes["5", "0"] == -1
    if end != "\r":
        odd = COMMENTS.replace("광고", "광\r고").replace("\n", end)
        assert conversation({exchange.COMMENTS: odd, exchange.PARTICIPANTS: MATRIX}).remarks[1].text


def test_the_files_tell_when_the_last_statement_came_and_a_broken_time_is_told():
    files = {exchange.COMMENTS: COMMENTS, exchange.PARTICIPANTS: MATRIX}
    assert conversation(files).last_at == 3
    assert conversation({exchange.PARTICIPANTS: MATRIX}).last_at is None
    broken = {**files, exchange.COMMENTS: COMMENTS.replace("3,x,10", "soon,x,10")}
    with pytest.raises(Malformed, match=r"comments.csv, line 4, column timestamp"):
        conversation(broken)


@pytest.mark.parametrize(("mark", "guessed"), [("", {"0", "1", "2"}), (",is-meta", set())])
def test_words_tell_who_weighs_only_where_no_column_does(mark, guessed):
    lines = [f"comment-id,author-id,comment-body{mark}"]
    lines += [f"{one},5,I live in {one}{',false' if mark else ''}" for one in range(3)]
    files = {exchange.COMMENTS: "\n".join(lines), exchange.PARTICIPANTS: MATRIX}
    assert conversation(files).of_oneself == guessed


def test_a_mark_for_what_describes_who_weighs_goes_out_and_comes_in_again():
    votes = {(f"p{n}", one): 1 for n in range(6) for one in ("1", "2")}
    remarks = [
        Published("1", "나는 산다", 6, 0, 6, shown=True, of_oneself=True),
        Published("2", "막자", 6, 0, 6, shown=True),
    ]
    talk = conversation(written(topic="", question="", remarks=remarks, votes=votes, groups={}))
    assert talk.of_oneself == {"1"}
    assert all(one.shown for one in talk.remarks)
