"""People's acts that meet: one of them waits, and nothing is lost or doubled."""

import threading

import pytest
from sqlalchemy import func, select

from app.core.refusals import Refused
from app.residents import actions, queries
from app.residents.models import (
    Account,
    ConsentKind,
    ContactKind,
    PassphraseCode,
    Person,
    Role,
    RoleGrant,
)
from app.residents.policy import PersonRefusal
from app.residents.rules import Twin
from tests.residents.conftest import BORN
from tests.residents.test_actions import verify


def in_threads(app, act, count=4):
    """Run act(number) in threads that start together; return the refusals, None for success."""
    barrier, results = threading.Barrier(count), []

    def run(number):
        with app.app_context():
            barrier.wait()
            try:
                act(number)
            except Refused as error:
                results.append(error.refusal)
            else:
                results.append(None)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
def test_four_sign_ups_with_one_address_open_one_account(app, world):
    results = in_threads(app, lambda _n: world.account(address="one@example.kr"))
    assert sorted(map(str, results)) == ["None", *["person.address_taken"] * 3]


@pytest.mark.race
def test_four_clerks_verify_one_person_once(app, world):
    world.registrar()
    person_id = world.person()
    results = in_threads(app, lambda _n: verify(world, person_id))
    assert sorted(map(str, results)) == ["None", *["person.already_member"] * 3]


@pytest.mark.race
def test_twins_at_four_desks_do_not_pass_unseen(app, world):
    world.registrar()
    people = [world.person() for _ in range(4)]
    dongs = ["doksan1", "doksan2", "gasan", "doksan1"]
    results = in_threads(app, lambda n: verify(world, people[n], dongs[n]))
    assert sorted(map(str, results)) == ["None", *["person.same_identity"] * 3]


@pytest.mark.race
def test_four_operators_grant_one_role_once(app, world):
    person_id = world.person()
    assert in_threads(app, lambda _n: world.grant(person_id, Role.CHAIR, "doksan1")) == [None] * 4
    with world.read() as s:
        assert s.scalar(select(func.count()).select_from(RoleGrant)) == 1


ROUNDS = 8


@pytest.mark.race
def test_two_operators_do_not_end_each_other(app, world):
    people = [world.staff(Role.OPERATOR) for _ in range(2)]
    world.pass_time(minutes=1)
    with world.read() as s:
        standings = [world.standing(s, one) for one in people]
        held = [s.scalar(select(RoleGrant.id).where(RoleGrant.person_id == one)) for one in people]

    def end_the_other(number):
        with world.write() as s:
            grant = s.get_one(RoleGrant, held[1 - number])
            actions.end_role(s, grant, by=standings[number], at=world.at)

    results = in_threads(app, end_the_other, count=2)
    assert sorted(map(str, results)) == ["None", "person.not_operator"]
    with world.read() as s:
        operators = select(func.count()).where(
            RoleGrant.role == Role.OPERATOR, RoleGrant.until.is_(None)
        )
        assert s.scalar(operators) == 1


def test_an_operator_of_elsewhere_does_not_end_the_last_of_a_place(world):
    both, here = world.staff(Role.OPERATOR), world.staff(Role.OPERATOR)
    world.grant(both, Role.OPERATOR, "gasan")
    world.pass_time(minutes=1)
    with world.write() as s:
        district = world.place(s, "geumcheon").id
        of = {
            one.person_id: one
            for one in s.scalars(select(RoleGrant).where(RoleGrant.place_id == district))
        }
        stale = world.standing(s, both)
        actions.end_role(s, of[both], by=world.standing(s, here), at=world.at)
        with pytest.raises(Refused) as caught:
            actions.end_role(s, of[here], by=stale, at=world.at)
    assert caught.value.refusal is PersonRefusal.NOT_OPERATOR


def test_whoever_is_operator_no_more_entrusts_nobody(app, world):
    gone, friend = world.staff(Role.OPERATOR), world.person()
    world.pass_time(minutes=1)
    with world.write() as s:
        by = world.standing(s, gone)
        grant = s.scalars(select(RoleGrant).where(RoleGrant.person_id == gone)).one()
        actions.end_role(s, grant, by=None, at=world.at)
    with world.write() as s, pytest.raises(Refused) as caught:
        actions.grant_role(
            s,
            s.get_one(Person, friend),
            Role.OPERATOR,
            world.place(s, "geumcheon"),
            by=by,
            at=world.at,
        )
    assert caught.value.refusal is PersonRefusal.NOT_OPERATOR


@pytest.mark.race
def test_two_devices_do_not_remove_the_last_contact_together(app, world):
    for number in range(ROUNDS):
        account = world.account(address=f"both{number}@example.kr")
        with world.write() as s:
            held = s.get_one(Account, account.id)
            actions.set_contact(
                s, held, f"0101234567{number}", checked=held.passphrase_hash, at=world.at
            )

        def remove(number, account_id=account.id):
            with world.write() as s:
                held = s.get_one(Account, account_id)
                assert len(held.contacts) >= 1
                kind, proof = list(ContactKind)[number], held.passphrase_hash
                actions.remove_contact(s, held, kind, checked=proof, at=world.at)

        results = in_threads(app, remove, count=2)
        assert sorted(map(str, results)) == ["None", "person.last_contact"]
        with world.read() as s:
            assert len(s.get_one(Account, account.id).contacts) == 1


@pytest.mark.race
def test_a_contact_replaced_while_the_other_is_removed_stays(app, world):
    for number in range(ROUNDS):
        account = world.account(address=f"old{number}@example.kr")
        with world.write() as s:
            held = s.get_one(Account, account.id)
            actions.set_contact(
                s, held, f"0101234567{number}", checked=held.passphrase_hash, at=world.at
            )

        def change(turn, account_id=account.id, new=f"new{number}@example.kr"):
            with world.write() as s:
                held = s.get_one(Account, account_id)
                proof = held.passphrase_hash
                if turn:
                    actions.remove_contact(s, held, ContactKind.PHONE, checked=proof, at=world.at)
                else:
                    actions.set_contact(s, held, new, checked=proof, at=world.at)

        assert in_threads(app, change, count=2) == [None] * 2
        with world.read() as s:
            contacts = s.get_one(Account, account.id).contacts
            assert [one.address for one in contacts] == [f"new{number}@example.kr"]


@pytest.mark.race
def test_no_sign_in_with_the_old_passphrase_outlives_its_change(app, world):
    for _ in range(ROUNDS):
        account = world.account()
        checked, here = account.passphrase_hash, world.token(account.person_id)
        tokens = []

        def act(number, account=account, checked=checked, here=here, tokens=tokens):
            with world.write() as s:
                held = s.get_one(Account, account.id)
                if number:
                    token = actions.begin_checked_sign_in(s, held, checked, at=world.at)
                    tokens.append(token)
                else:
                    actions.change_passphrase(
                        s, held, "another hash", checked=checked, keep=here, at=world.at
                    )

        assert in_threads(app, act) == [None] * 4
        assert len(tokens) == 3
        with world.read() as s:
            begun = [token for token in tokens if token is not None]
            assert [queries.live_sign_in(s, token, at=world.at) for token in begun] == [
                None for _ in begun
            ]
            assert queries.live_sign_in(s, here, at=world.at) is not None


@pytest.mark.race
def test_of_four_changes_proven_by_one_passphrase_one_counts(app, world):
    for _ in range(ROUNDS):
        account = world.account()
        proof, here = account.passphrase_hash, world.token(account.person_id)

        def change(number, account=account, proof=proof, here=here):
            with world.write() as s:
                held = s.get_one(Account, account.id)
                actions.change_passphrase(
                    s, held, f"hash {number}", checked=proof, keep=here, at=world.at
                )

        results = in_threads(app, change)
        assert sorted(map(str, results)) == ["None", *["person.wrong_passphrase"] * 3]


@pytest.mark.race
def test_whoever_leaves_while_being_verified_leaves_nothing_behind(app, world):
    world.registrar()
    for _ in range(ROUNDS):
        account = world.account()

        def act(number, account=account):
            if number:
                verify(world, account.person_id)
                return
            with world.write() as s:
                held = s.get_one(Account, account.id)
                actions.withdraw_person(s, held, checked=held.passphrase_hash, at=world.at)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (["None", "None"], ["None", "person.unknown"])
        world.pass_time(days=1)
        with world.read() as s:
            person = s.get_one(Person, account.person_id)
            assert (person.name, person.birth_date, person.identity_mac) == ("", None, None)
            assert not world.standing(s, person.id).is_verified


@pytest.mark.race
def test_a_name_a_clerk_is_looking_at_is_not_changed_meanwhile(app, world):
    world.registrar()
    for _ in range(ROUNDS):
        person_id = world.account(name="홍길똥").person_id

        def act(number, person_id=person_id):
            if number:
                verify(world, person_id, twin=Twin.ANOTHER)
                return
            with world.write() as s:
                actions.change_name(s, s.get_one(Person, person_id), "김새봄", at=world.at)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (["None", "None"], ["None", "person.name_verified"])
        with world.read() as s:
            assert s.get_one(Person, person_id).name == "홍길동"


def leave(world, account):
    with world.write() as s:
        held = s.get_one(Account, account.id)
        actions.withdraw_person(s, held, checked=account.passphrase_hash, at=world.at)


@pytest.mark.race
def test_whoever_leaves_while_being_entrusted_holds_no_role(app, world):
    for _ in range(ROUNDS):
        account = world.account()

        def act(number, account=account):
            if number:
                world.grant(account.person_id, Role.CHAIR, "doksan1")
            else:
                leave(world, account)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (["None", "None"], ["None", "person.unknown"])
        world.pass_time(minutes=1)
        with world.read() as s:
            assert world.standing(s, account.person_id).grants == frozenset()


@pytest.mark.race
def test_a_consent_is_given_once_and_none_outlives_a_leaving(app, world):
    for _ in range(ROUNDS):
        account = world.account()

        def act(number, account=account):
            if not number:
                leave(world, account)
                return
            with world.write() as s:
                person = s.get_one(Person, account.person_id)
                actions.give_consent(s, person, ConsentKind.NEWS, at=world.at)

        results = in_threads(app, act)
        assert set(map(str, results)) <= {"None", "person.unknown"}
        with world.read() as s:
            given = queries.consents_of(s, account.person_id)
            assert all(one.withdrawn_at for one in given)
            assert sum(one.kind is ConsentKind.NEWS for one in given) <= 1


@pytest.mark.race
def test_no_dong_is_kept_of_whoever_leaves_while_naming_one(app, world):
    for _ in range(ROUNDS):
        account = world.account()

        def act(number, account=account):
            if not number:
                leave(world, account)
                return
            with world.write() as s:
                held = s.get_one(Account, account.id)
                actions.change_home(s, held, world.place(s), at=world.at)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (["None", "None"], ["None", "person.unknown"])
        with world.read() as s:
            assert s.get_one(Account, account.id).home_place_id is None


HASHES = [f"hash {number}" for number in range(4)]


@pytest.mark.race
def test_of_four_resets_with_one_code_one_counts(app, world):
    for number in range(ROUNDS):
        address = f"forgot{number}@example.kr"
        account = world.account(address=address)
        with world.write() as s:
            held = s.get_one(Account, account.id)
            code = actions.give_passphrase_code(s, held, at=world.at)
        tokens = {}

        def reset(turn, address=address, code=code, tokens=tokens):
            with world.write() as s:
                tokens[turn] = actions.set_passphrase_anew(
                    s, address, code, HASHES[turn], at=world.at
                )

        assert in_threads(app, reset) == [None] * 4
        (winner,) = [turn for turn, token in tokens.items() if token is not None]
        with world.read() as s:
            assert s.get_one(Account, account.id).passphrase_hash == HASHES[winner]
            assert queries.live_sign_in(s, tokens[winner], at=world.at) is not None


@pytest.mark.race
def test_wrong_tries_that_meet_are_each_counted(app, world):
    for number in range(ROUNDS):
        address = f"guessed{number}@example.kr"
        account = world.account(address=address)
        with world.write() as s:
            held = s.get_one(Account, account.id)
            code = actions.give_passphrase_code(s, held, at=world.at)

        def guess(_turn, address=address):
            with world.write() as s:
                assert actions.set_passphrase_anew(s, address, "?", "hash", at=world.at) is None

        assert in_threads(app, guess, count=actions.MOST_TRIES) == [None] * actions.MOST_TRIES
        with world.write() as s:
            assert actions.set_passphrase_anew(s, address, code, "hash", at=world.at) is None


@pytest.mark.race
def test_whoever_becomes_staff_while_a_clerk_helps_them_keeps_their_account(app, world):
    clerk = world.registrar()
    with world.read() as s:
        by = world.standing(s, clerk)
    for number in range(ROUNDS):
        address = f"soon{number}@example.kr"
        person_id = world.account(name="홍길동", address=address).person_id
        verify(world, person_id, born=BORN.replace(year=1950 + number))
        codes = []

        def act(turn, person_id=person_id, number=number, codes=codes):
            if turn:
                world.grant(person_id, Role.OFFICER)
                return
            with world.write() as s:
                codes.append(
                    actions.help_forgetful(
                        s,
                        s.get_one(Person, person_id),
                        name="홍길동",
                        born=BORN.replace(year=1950 + number),
                        by=by,
                        at=world.at,
                    )
                )

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (["None", "None"], ["None", "person.staff_account"])
        for code in codes:
            with world.write() as s:
                assert actions.set_passphrase_anew(s, address, code, "hash", at=world.at) is None


@pytest.mark.race
def test_no_code_outlives_a_leaving_and_none_opens_what_has_left(app, world):
    for number in range(ROUNDS):
        address = f"leaves{number}@example.kr"
        account = world.account(address=address)
        with world.write() as s:
            held = s.get_one(Account, account.id)
            code = actions.give_passphrase_code(s, held, at=world.at)

        def act(turn, account=account, address=address, code=code):
            with world.write() as s:
                if turn == 0:
                    held = s.get_one(Account, account.id)
                    checked = account.passphrase_hash
                    actions.withdraw_person(s, held, checked=checked, at=world.at)
                elif turn == 1:
                    actions.set_passphrase_anew(s, address, code, "hash", at=world.at)
                else:
                    held = s.get_one(Account, account.id)
                    actions.give_passphrase_code(s, held, at=world.at)

        results = set(map(str, in_threads(app, act, count=3)))
        assert results <= {"None", "person.unknown", "person.wrong_passphrase"}
        with world.read() as s:
            held = s.get_one(Account, account.id)
            if held.person.withdrawn_at is not None:
                assert held.passphrase_hash == ""
                assert s.get(PassphraseCode, account.id) is None
