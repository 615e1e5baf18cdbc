"""The sentences of ballots: refusals, states, outcomes, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p

from app.assemblies import words as assembly_words
from app.assemblies.models import QuorumKind
from app.ballots.facts import PaperChange
from app.ballots.models import BallotState, Outcome
from app.ballots.policy import BallotRefusal
from app.ballots.words.counts import Told, tell_count
from app.ballots.words.voice import together
from app.core.clock import seoul_day
from app.core.numbers import percent
from app.residents.rules import AgeMode, cut_off
from app.web.house import Waiting
from app.web.refusing import Sentence
from app.web.wording import format_date, format_datetime, format_plain_day, format_until

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.ballots.models import Ballot
    from app.ballots.queries import Result, TrackResult
    from app.ballots.rules import Receipt


def _(sentence: str, **parts: object) -> str:
    return str(gettext(sentence, **parts))


SENTENCES: dict[BallotRefusal, Sentence] = {
    BallotRefusal.NOT_CLERK: Sentence(403, _l("이 지역의 담당자나 투표관리자만 투표를 준비할 수 있습니다.")),
    BallotRefusal.NOT_OFFICER: Sentence(403, _l("이 지역의 투표관리자만 할 수 있는 일입니다.")),
    BallotRefusal.NOT_CERTIFIER: Sentence(403, _l("투표관리자나 참관인만 개표 결과를 확정할 수 있습니다.")),
    BallotRefusal.NOT_DRAFT: Sentence(409, _l("투표용지가 이미 확정되어 바꿀 수 없습니다.")),
    BallotRefusal.NOT_FROZEN: Sentence(409, _l("투표용지와 투표인명부를 확정한 뒤, 투표가 시작되기 전에만 할 수 있는 일입니다.")),
    BallotRefusal.NOT_OPEN: Sentence(409, _l("진행 중인 투표가 아닙니다.")),
    BallotRefusal.NOT_CLOSED: Sentence(409, _l("마감된 뒤, 아직 개표하지 않은 투표만 개표할 수 있습니다.")),
    BallotRefusal.NOT_COUNTED: Sentence(409, _l("개표를 마치고 아직 확정하지 않은 투표만 확정할 수 있습니다.")),
    BallotRefusal.OTHER_PLACE: Sentence(422, _l("다른 지역의 총회입니다. 지역을 확인해 주세요.")),
    BallotRefusal.BAD_WINDOW: Sentence(422, _l("마감은 시작보다 늦어야 합니다.")),
    BallotRefusal.BAD_LIMITS: Sentence(422, _l("고를 수 있는 수와 뽑을 수를 확인해 주세요. 모두 1 이상이고, 최소는 최대보다 클 수 없습니다.")),
    BallotRefusal.BAD_AMOUNT: Sentence(422, _l("예산은 0원 이상이어야 합니다.")),
    BallotRefusal.NO_ASSEMBLY: Sentence(422, _l("이 투표가 속한 총회의 안건만 올릴 수 있습니다.")),
    BallotRefusal.ASSEMBLY_NOT_NOTICED: Sentence(409, _l("아직 공고하지 않은 총회입니다. 안건이 정해지도록 총회를 먼저 공고해 주세요.")),
    BallotRefusal.ASSEMBLY_CALLED_OFF: Sentence(409, _l("취소한 총회입니다. 취소한 총회의 투표는 만들거나 확정할 수 없습니다.")),
    BallotRefusal.ASSEMBLY_HAS_DRAFT: Sentence(409, _l("이 총회의 투표 초안이 있습니다. 투표 초안을 먼저 버린 뒤 다시 해 주세요.")),
    BallotRefusal.ASSEMBLY_VOTES: Sentence(409, _l("투표용지와 인명부를 이미 확정한 총회라 취소할 수 없습니다. 때와 곳은 공고를 정정해 바꿀 수 있습니다.")),
    BallotRefusal.ASSEMBLY_OVER: Sentence(409, _l("이미 지난 총회입니다. 지난 총회의 투표는 새로 만들거나 확정할 수 없습니다.")),
    BallotRefusal.ASSEMBLY_HAS_BALLOT: Sentence(409, _l("이 총회에는 이미 다른 투표가 있습니다. 총회마다 투표는 하나이니 그 투표를 써 주세요.")),
    BallotRefusal.TOO_MANY_OPTIONS: Sentence(422, _l("선택지는 %(limit)s개까지 올릴 수 있습니다.")),
    BallotRefusal.ALREADY_ON_PAPER: Sentence(409, _l("이미 투표용지에 있는 안건입니다.")),
    BallotRefusal.TOO_FEW_OPTIONS: Sentence(422, _l("선택지가 둘 이상이어야 투표용지를 확정할 수 있습니다.")),
    BallotRefusal.SEATS_MISMATCH: Sentence(422, _l("분야마다 선택지가 뽑을 수만큼 있어야 합니다. 선택지가 없는 분야나 뽑을 수가 없는 분야가 있는지도 확인해 주세요.")),
    BallotRefusal.HIDDEN_PROPOSAL: Sentence(422, _l("진행자가 가린 제안에서 온 선택지가 있습니다. 확정한 투표용지의 글은 바꿀 수 없으니 그 선택지를 빼 주세요.")),
    BallotRefusal.DECIDED_ELSEWHERE: Sentence(409, _l("다른 투표에 올라 있거나 이미 선정된 제안에서 온 선택지가 있습니다: ‘%(titles)s’. 그 선택지를 빼 주세요.")),
    BallotRefusal.PICKS_OVER_OPTIONS: Sentence(422, _l("한 사람이 고를 수 있는 수가 선택지 수보다 많습니다.")),
    BallotRefusal.WINDOW_PASSED: Sentence(409, _l("투표 마감이 이미 지났습니다.")),
    BallotRefusal.BASE_DATE_AHEAD: Sentence(409, _l("투표인명부 기준일 %(base)s이 아직 오지 않았습니다. 그날까지 누가 주민으로 확인될지 알 수 없으니, 기준일을 오늘이나 그 전으로 고쳐 주세요.")),
    BallotRefusal.NO_POPULATION: Sentence(409, _l("기준일의 인구가 등록되지 않아 성원 기준을 셈할 수 없습니다. 인구를 먼저 등록해 주세요.")),
    BallotRefusal.EMPTY_ROLL: Sentence(409, _l("기준일에 투표할 수 있는 주민이 한 사람도 없습니다. 기준일과 나이를 확인해 주세요.")),
    BallotRefusal.TOO_EARLY: Sentence(409, _l("투표는 %(opens)s부터 열 수 있습니다.")),
    BallotRefusal.WINDOW_RUNNING: Sentence(409, _l("투표 기간이 끝나지 않았습니다. %(closes)s까지는 마감할 수 없습니다.")),
    BallotRefusal.EARLY_WITHOUT_REASON: Sentence(422, _l("예정보다 일찍 마감하는 까닭을 적어 주세요.")),
    BallotRefusal.KEY_MISSING: Sentence(409, _l("이 투표의 개표 열쇠 파일이 없거나 맞지 않습니다. 봉인된 표는 그대로 있고, 아무것도 저장하지 않았습니다. 열쇠 파일을 제자리에 둔 뒤 다시 해 주세요.")),
    BallotRefusal.SETUP_CHANGED: Sentence(409, _l("투표용지나 투표인명부가 확정된 때와 다릅니다. 개표하지 않았고 아무것도 저장하지 않았습니다. 참관인과 함께 원인을 확인해 주세요.")),
    BallotRefusal.URN_DAMAGED: Sentence(409, _l("투표함에 열리지 않거나 맞지 않는 표가 있습니다. 개표하지 않았고 아무것도 저장하지 않았습니다. 참관인과 함께 원인을 확인해 주세요.")),
    BallotRefusal.EDITOR_CERTIFIES: Sentence(403, _l("투표용지를 만들거나 확정한 사람은 개표 결과를 확정할 수 없습니다. 다른 투표관리자나 참관인이 확정해 주세요.")),
    BallotRefusal.NOT_ON_ROLL: Sentence(403, _l("이 투표의 투표인명부에 올라 있지 않습니다. 누가 투표할 수 있는지는 투표 안내에 있습니다.")),
    BallotRefusal.OUTSIDE_HOURS: Sentence(409, _l("투표 기간이 아닙니다. 투표는 %(opens)s부터 %(closes)s까지입니다.")),
    BallotRefusal.ALREADY_CAST: Sentence(409, _l("이미 투표하셨습니다. 한 사람은 한 번 투표할 수 있습니다.")),
    BallotRefusal.STALE_PAPER: Sentence(409, _l("확인 화면을 연 지 15분이 지났습니다. 고르신 것은 그대로 두었으니, 살펴보신 뒤 ‘다음’을 눌러 한 번 더 확인해 주세요.")),
    BallotRefusal.BROKEN_PAPER: Sentence(409, _l("이 투표의 확인 화면이 아니거나 온전하지 않은 화면입니다. 아직 투표되지 않았으니 다시 골라 주세요.")),
    BallotRefusal.FOREIGN_PAPER: Sentence(409, _l("다른 사람이나 다른 투표의 확인 화면입니다. 아직 투표되지 않았으니 이 투표 화면에서 다시 골라 주세요.")),
    BallotRefusal.NO_PICK: Sentence(422, _l("아직 고른 것이 없습니다. %(least)s개 이상 골라 주세요.")),
    BallotRefusal.TOO_FEW_PICKS: Sentence(422, _l("%(least)s개 이상 골라야 합니다. %(missing)s개를 더 골라 주세요.")),
    BallotRefusal.TOO_MANY_PICKS: Sentence(422, _l("%(most)s개까지 고를 수 있습니다. %(over)s개를 빼 주세요.")),
    BallotRefusal.PICKED_TWICE: Sentence(422, _l("같은 것을 두 번 고를 수 없습니다. 다시 골라 주세요.")),
    BallotRefusal.UNKNOWN_OPTION: Sentence(422, _l("이 투표용지에 없는 선택지입니다. 다시 골라 주세요.")),
}  # fmt: skip

STATES = {
    BallotState.DRAFT: _l("준비 중"),
    BallotState.FROZEN: _l("투표 예정"),
    BallotState.OPEN: _l("투표 중"),
    BallotState.CLOSED: _l("개표 전"),
    BallotState.COUNTED: _l("개표 완료, 확정 전"),
    BallotState.CERTIFIED: _l("결과 확정"),
}
CHANGES = {
    PaperChange.REVISED: _l("투표 내용"),
    PaperChange.OPTION_ADDED: _l("선택지 더함"),
    PaperChange.OPTION_REMOVED: _l("선택지 뺌"),
}
TRACKS = assembly_words.TRACKS
OUTCOMES = {
    Outcome.SELECTED: _l("선정"),
    Outcome.NOT_SELECTED: _l("미선정"),
    Outcome.TIED: _l("동점"),
}
AGE_MODES = {
    AgeMode.ELECTION_LAW: _l("만 나이, 생일 하루 전부터 (공직선거법 방식)"),
    AgeMode.PLAIN: _l("만 나이, 생일부터"),
    AgeMode.COUNTING: _l("세는나이 (연도로만 셈)"),
}
QUORUM_KINDS = {
    QuorumKind.PERMILLE: _l("인구의 천분율 (5는 0.5%)"),
    QuorumKind.SEATS: _l("정해진 사람 수 (주민자치회 정원의 배수 등)"),
    QuorumKind.NONE: _l("성원 기준 없음"),
}


def pick_rule(least: int, most: int) -> str:
    """Return how many may be picked, as the booth says it."""
    if least == most:
        return _("%(most)s개를 골라 주세요", most=most)
    if least > 1:
        return _("%(least)s개에서 %(most)s개까지 고를 수 있습니다", least=least, most=most)
    return _("%(most)s개까지 고를 수 있습니다", most=most)


def latest_birth(ballot: Ballot) -> date:
    """Return the latest birth date of those who may vote."""
    return cut_off(ballot.age_day, ballot.min_age, ballot.age_mode)


def _frozen_on_its_base_date(ballot: Ballot) -> datetime | None:
    """Return the moment of the freezing where that, not the day's end, divides who is in."""
    frozen = ballot.frozen_at
    return frozen if frozen is not None and seoul_day(frozen) == ballot.base_date else None


def eligibility(ballot: Ballot) -> str:
    """Return who stands on the roll, in plain words with the latest birth date."""
    frozen = _frozen_on_its_base_date(ballot)
    place, birth = ballot.place.name, format_plain_day(latest_birth(ballot))
    if frozen is not None:
        return _(
            "%(frozen)s까지 %(place)s 주민으로 확인된 분 가운데 %(birth)s까지 태어난 분",
            frozen=format_datetime(frozen),
            place=place,
            birth=birth,
        )
    return _(
        "%(base)s에 %(place)s 주민으로 확인된 분 가운데 %(birth)s까지 태어난 분",
        base=format_date(ballot.base_date),
        place=place,
        birth=birth,
    )


def off_roll(ballot: Ballot, *, is_member: bool) -> str:
    """Return why somebody does not stand on a frozen roll, and where to turn.

    To those who are residents here by now it names the hour or the day that divides.
    """
    told = [_("이 투표의 투표인명부에 올라 있지 않습니다.")]
    frozen = _frozen_on_its_base_date(ballot)
    if is_member and frozen is not None:
        told.append(
            _(
                "명부는 %(frozen)s에 확정했고, 그 뒤에 주민 확인을 받으신 분은 들어 있지 않습니다.",
                frozen=format_datetime(frozen),
            )
        )
    elif is_member:
        told.append(
            _(
                "주민 확인을 %(base)s보다 늦게 받으신 분은 들어 있지 않습니다.",
                base=format_date(ballot.base_date),
            )
        )
    return " ".join([*told, _("잘못되었다면 동 주민센터에 알려 주세요.")])


def verdict(result: Result) -> str:
    """Return the result as sentences: whether enough people voted, and what was selected."""
    return f"{turnout(result.voters, result.took_part, result.quorum_needed)} {selection(result)}"


def turnout(voted: int, took_part: int, needed_count: int) -> str:
    """Return how many voted or were at the assembly, and whether that is enough."""
    voters, needed = f"{voted:,}", f"{needed_count:,}"
    if not needed_count:
        return _("%(voters)s명이 참여했습니다.", voters=voters)
    if took_part > voted:
        alone = _("투표한 분은 %(voters)s명입니다.", voters=voters)
        return f"{_with_the_hall(took_part, needed_count)} {alone}"
    if voted > needed_count:
        return _(
            "성원 기준 %(needed)s명을 넘어 %(voters)s명이 참여했습니다.",
            needed=needed,
            voters=voters,
        )
    if voted == needed_count:
        return _("성원 기준 %(needed)s명이 꼭 맞게 참여했습니다.", needed=needed)
    return _(
        "%(voters)s명이 참여하여 성원 기준 %(needed)s명에 미치지 못했습니다.",
        voters=voters,
        needed=needed,
    )


def _with_the_hall(took_part: int, needed: int) -> str:
    """Tell a quorum to which people count who were at the assembly and did not vote."""
    said = {"people": f"{took_part:,}", "needed": f"{needed:,}"}
    if took_part >= needed:
        return _(
            "총회에 출석했거나 투표한 분이 %(people)s명으로, 성원 기준 %(needed)s명을 채웠습니다.",
            **said,
        )
    return _(
        "총회에 출석했거나 투표한 분이 %(people)s명으로, 성원 기준 %(needed)s명에 미치지 못했습니다.",
        **said,
    )


def selection(result: Result) -> str:
    """Return what was selected, or why nothing is."""
    if not result.is_quorate:
        return _("투표가 성립되지 않아 선정된 것은 없고, 득표만 알려 드립니다.")
    options = str(
        ngettext("%(count)s건", "%(count)s건", result.options, count=f"{result.options:,}")
    )
    if result.tied and not result.selected:
        return _(
            "%(options)s 중 %(tied)s건이 마지막 자리에서 동점입니다.",
            options=options,
            tied=result.tied,
        )
    chosen = _(
        "%(options)s 중 %(selected)s건이 선정되었습니다.", options=options, selected=result.selected
    )
    if result.tied:
        return (
            chosen
            + " "
            + _("%(tied)s건은 마지막 자리에서 동점이라 정해지지 않았습니다.", tied=result.tied)
        )
    return chosen


def track_line(track: TrackResult) -> str:
    """Return what was selected of a track, in few words: "4건 중 2건을 뽑았습니다"."""
    options = len(track.options)
    if track.tied and not track.selected:
        return _("%(options)s건 중 %(tied)s건이 동점입니다", options=options, tied=track.tied)
    if track.tied:
        return _(
            "%(options)s건 중 %(selected)s건을 뽑았고 %(tied)s건이 동점입니다",
            options=options,
            selected=track.selected,
            tied=track.tied,
        )
    if track.selected:
        return _(
            "%(options)s건 중 %(selected)s건을 뽑았습니다", options=options, selected=track.selected
        )
    return _("%(options)s건 중 뽑힌 것이 없습니다", options=options)


def tie_line(ballot: Ballot) -> str:
    """Return which options of a counted ballot stand equal, and what is to be done about it."""
    tied = [option.title for option in ballot.options if option.outcome is Outcome.TIED]
    return _(
        "%(names)s 동점입니다. 무엇을 할지 총회에서 정하고 회의록에 적어 주세요. 정하기 전에는 약속이 되지 않습니다.",
        names=together(tied, "이"),
    )


def tell_result(ballot: Ballot, result: Result) -> list[Told]:
    """Return how a ballot was counted, track by track, in the engine's sentences."""
    names = {str(option.position): option.title for option in ballot.options}
    parts = {track.track.value: str(TRACKS[track.track]) for track in result.tracks}
    return tell_count(result.count, names, parts)


def waiting(drafts: int, closed: int, counted: int) -> Waiting:
    """Say what waits on the desk for someone."""
    return Waiting.of(
        (drafts, ngettext("초안 %(num)s건", "초안 %(num)s건", drafts)),
        (closed, ngettext("개표 %(num)s건", "개표 %(num)s건", closed)),
        (counted, ngettext("결과 확정 %(num)s건", "결과 확정 %(num)s건", counted)),
    )


def receipt_text(ballot: Ballot, receipt: Receipt, *, signature: bytes, public: bytes) -> str:
    """Return a receipt as a text file: first for its owner, then for whoever checks it."""
    lines = [
        _("투표 확인증"),
        "",
        _("투표: %(title)s (%(place)s)", title=ballot.title, place=ballot.place.name),
        _("접수: %(moment)s (분까지만 기록합니다)", moment=format_datetime(receipt.used_at)),
        _("확인번호: %(number)s", number=receipt.number),
        "",
        _("이 확인증은 표가 투표함에 들어 있음을 보입니다. 무엇을 골랐는지는 나타내지 않습니다."),
        "",
        _("아래는 확인하는 사람을 위한 값입니다."),
        f"ballot: {ballot.id}",
        f"setup: {receipt.setup_hash.hex()}",
        f"leaf: {receipt.leaf.hex()}",
        f"message: {receipt.message.hex()}",
        f"signature (Ed25519): {signature.hex()}",
        f"public key: {public.hex()}",
    ]
    return "\r\n".join(lines) + "\r\n"


def result_rows(ballot: Ballot, result: Result) -> list[list[str]]:
    """Return a result as the rows of a table; the base of each percentage stands in its heading."""
    rows = [
        [_("투표"), ballot.title],
        [_("지역"), ballot.place.name],
        [_("투표인명부"), str(result.roll_count)],
        [_("참여자"), str(result.voters)],
        [_("투표율(명부 대비 %)"), percent(result.voters, result.roll_count, 2)],
        *([[_("출석했거나 투표한 분"), str(result.took_part)]] if result.counts_the_hall else []),
        [_("성원 기준"), str(result.quorum_needed)],
        [_("상태"), str(STATES[ballot.state])],
        [],
        [
            _("분야"),
            _("순위"),
            _("번호"),
            _p("one", "선택지"),
            _("예산(원)"),
            _("득표"),
            _("참여자 대비(%)"),
            _("전체 표 대비(%)"),
            _("결과"),
        ],
    ]
    for track in result.tracks:
        rows += [
            [
                str(TRACKS[track.track]),
                str(option.rank),
                str(option.position),
                option.title,
                str(option.budget_won),
                str(option.votes),
                percent(option.votes or 0, result.voters, 2),
                percent(option.votes or 0, result.votes, 2),
                str(OUTCOMES[option.outcome]) if option.outcome else "",
            ]
            for option in track.options
        ]
    return rows


def consequences(name: str, ballot: Ballot, *, roll_count: int, at: datetime) -> list[str]:
    """Return exactly what confirming an act will do."""
    if name == "freeze":
        return [
            _(
                "선택지 %(count)s개와 고르는 수, 뽑는 수, 투표 기간이 확정되어 다시는 바꿀 수 없습니다.",
                count=len(ballot.options),
            ),
            _(
                "투표인명부에 %(count)s명이 오릅니다. %(base)s에 %(place)s 주민으로 확인된 분 가운데 %(birth)s까지 태어난 분입니다.",
                count=f"{roll_count:,}",
                base=format_date(ballot.base_date),
                place=ballot.place.name,
                birth=format_plain_day(latest_birth(ballot)),
            ),
            *(
                [_("기준일이 오늘이라, 확정한 뒤에 주민 확인을 받는 분은 오르지 않습니다.")]
                if ballot.base_date == seoul_day(at)
                else []
            ),
            _(
                "이 투표의 개표 열쇠가 서버의 열쇠 폴더에 만들어집니다. 이 파일이 없으면 개표할 수 없으니 따로 보관해 주세요."
            ),
            _("제안에서 온 선택지는 그 제안의 지나온 길에 투표에 올랐다고 적힙니다."),
            _("확정한 사람은 개표 결과를 확정할 수 없습니다."),
        ]
    if name == "discard":
        return [
            _(
                "선택지 %(count)s개와 함께 초안이 없어지고, 되살릴 수 없습니다. 버렸다는 것은 기록에 남습니다.",
                count=len(ballot.options),
            ),
            *(
                [_("총회의 안건은 그대로이고, 이 총회의 투표를 새로 만들 수 있습니다.")]
                if ballot.assembly_id is not None
                else []
            ),
        ]
    if name == "open":
        return [
            _(
                "지금부터 %(closes)s까지 투표인명부의 %(count)s명이 투표할 수 있습니다.",
                closes=format_until(ballot.closes_at),
                count=f"{ballot.roll_count:,}",
            )
        ]
    if name == "close":
        early = at < ballot.closes_at
        return [
            _(
                "예정된 마감은 %(closes)s입니다. 지금 마감하면 그보다 일찍 끝납니다.",
                closes=format_until(ballot.closes_at),
            )
            if early
            else _("투표 기간이 끝났습니다."),
            _(
                "지금까지 %(count)s명이 투표했습니다. 마감하면 더는 투표할 수 없고, 다시 열 수 없습니다.",
                count=f"{ballot.cast_count:,}",
            ),
        ]
    if name == "count":
        return [
            _(
                "봉인된 표 %(count)s장을 열쇠 파일로 열어 맞는지 살피고 더합니다.",
                count=f"{ballot.cast_count:,}",
            ),
            _("표 하나라도 열리지 않거나 맞지 않으면 아무것도 저장하지 않고 멈춥니다."),
            _("결과는 ‘확정 전’으로 곧바로 공개됩니다. 개표는 한 번만 합니다."),
        ]
    return [
        _("개표 결과가 최종으로 공개되고, 되돌릴 수 없습니다."),
        _("제안에서 온 선택지는 그 제안의 지나온 길에 선정 여부가 적힙니다."),
        _("결과를 확정한 사람으로 기록됩니다."),
    ]


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "places_on_rolls": _l("투표인명부에 오른 투표"),
    "ballots_drawn": _l("초안을 만든 투표"),
    "ballots_edited": _l("초안을 고친 투표"),
    "ballots_frozen": _l("확정한 투표용지"),
    "ballots_counted": _l("개표한 투표"),
    "ballots_certified": _l("결과를 확정한 투표"),
}
