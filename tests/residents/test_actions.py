"""What happens to people, on a real database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import seoul_day
from app.residents import actions, facts, queries
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    ContactKind,
    MemberClass,
    Membership,
    Person,
    Role,
    SignIn,
)
from app.residents.passphrases import hash_passphrase
from app.residents.policy import PersonRefusal
from app.residents.rules import Twin
from tests.residents.conftest import BORN, refused, verify


@pytest.mark.parametrize(
    ("written", "kind", "normal"),
    [
        (" Hong@Example.KR ", ContactKind.EMAIL, "hong@example.kr"),
        ("010-1234-5678", ContactKind.PHONE, "01012345678"),
        ("010.1234.5678", ContactKind.PHONE, "01012345678"),
        ("(010) 1234 5678", ContactKind.PHONE, "01012345678"),
        ("+82 10-1234-5678", ContactKind.PHONE, "01012345678"),
        ("+82 010 1234 5678", ContactKind.PHONE, "01012345678"),
        ("０１０１２３４５６７８", ContactKind.PHONE, "01012345678"),
        ("011-123-4567", ContactKind.PHONE, "0111234567"),
    ],
)
def test_an_address_has_one_normal_form(written, kind, normal):
    assert actions.normal_address(written) == (kind, normal)


@pytest.mark.parametrize(
    "written",
    [
        *("", "홍길동", "02-123-4567", "0101234567890", "a@b", "a b@c.kr", "@c.kr", "a@@c.kr"),
        *("root,me@c.kr", "'?@[\".:", "a..b@c.kr", ".a@c.kr", "a@.c.kr", "a@c.kr.", '"a b"@c.kr'),
        "a" * 250 + "@c.kr",
        "a\u0301\u0323" * 20_000 + "@c.kr",
    ],
)
def test_what_is_no_address_is_refused(written):
    with pytest.raises(ValueError, match=r"neither|not an|longer"):
        actions.normal_address(written)


def test_an_address_opens_one_account_whatever_its_spelling(world, heard):
    first = world.account(address="010-1234-5678")
    with refused(PersonRefusal.ADDRESS_TAKEN):
        world.account(address="+82 10 1234 5678")
    with world.read() as s:
        assert s.scalar(select(func.count()).select_from(Account)) == 1
        assert s.scalar(select(func.count()).select_from(Person)) == 1
        assert queries.account_by_contact(s, "01012345678").id == first.id
    assert heard == [
        facts.AccountOpened(at=world.at, by=first.person_id, person_id=first.person_id)
    ]


def test_personal_data_cannot_be_read_in_the_database(world):
    world.account(name="홍길동", address="hong@example.kr")
    with world.read() as s:
        for table in ("person", "contact"):
            rows = s.connection().exec_driver_sql(f"SELECT * FROM {table}").all()
            written = " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in rows[0])
            assert "홍길동" not in written
            assert "hong@example.kr" not in written


def test_contacts_are_changed_added_and_removed_but_one_stays(world, heard):
    account_id = world.account(address="old@example.kr").id
    with world.write() as s:
        account = s.get_one(Account, account_id)
        proof = account.passphrase_hash
        actions.set_contact(s, account, "new@example.kr", checked=proof, at=world.at)
    with world.write() as s:
        account = s.get_one(Account, account_id)
        actions.set_contact(s, account, "01012345678", checked=proof, at=world.at)
    with world.read() as s:
        assert [c.address for c in s.get_one(Account, account_id).contacts] == [
            "new@example.kr",
            "01012345678",
        ]
        assert queries.account_by_contact(s, "old@example.kr") is None
    with world.write() as s:
        account = s.get_one(Account, account_id)
        actions.remove_contact(s, account, ContactKind.EMAIL, checked=proof, at=world.at)
    with refused(PersonRefusal.LAST_CONTACT), world.write() as s:
        account = s.get_one(Account, account_id)
        actions.remove_contact(s, account, ContactKind.PHONE, checked=proof, at=world.at)
    given_up, corrected = facts.AddressGivenUp, facts.PersonalDataCorrected
    assert [fact.address for fact in heard if type(fact) is given_up] == [
        "old@example.kr",
        "new@example.kr",
    ]
    assert [fact.field for fact in heard if type(fact) is corrected] == ["email", "phone", "email"]


def test_anothers_address_cannot_be_taken_and_ones_own_is_kept_meanwhile(world):
    world.account(address="taken@example.kr")
    mine = world.account(address="mine@example.kr").id
    with refused(PersonRefusal.ADDRESS_TAKEN), world.write() as s:
        own = s.get_one(Account, mine)
        actions.set_contact(s, own, "taken@example.kr", checked=own.passphrase_hash, at=world.at)
    with world.read() as s:
        assert queries.account_by_contact(s, "mine@example.kr").id == mine


def test_a_name_is_corrected_until_a_clerk_has_seen_it(world, heard):
    person_id = world.account(name="홍길똥").person_id
    with world.write() as s:
        actions.change_name(s, s.get_one(Person, person_id), "홍길동", at=world.at)
    with world.read() as s:
        assert s.get_one(Person, person_id).masked_name == "홍*동"
    verify(world, person_id)
    with refused(PersonRefusal.NAME_VERIFIED), world.write() as s:
        actions.change_name(s, s.get_one(Person, person_id), "김새봄", at=world.at)


def test_news_are_agreed_to_and_taken_back_but_not_what_an_account_rests_on(world, heard):
    person_id = world.account().person_id

    def change(act, kind):
        with world.write() as s:
            act(s, s.get_one(Person, person_id), kind, at=world.at)

    for _ in range(2):
        change(actions.give_consent, ConsentKind.NEWS)
    world.pass_time(days=1)
    for _ in range(2):
        change(actions.withdraw_consent, ConsentKind.NEWS)
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY, ConsentKind.GUARDIAN):
        with refused(PersonRefusal.CONSENT_REQUIRED):
            change(actions.withdraw_consent, kind)
    with world.read() as s:
        news = s.scalars(select(Consent).where(Consent.kind == ConsentKind.NEWS)).one()
        assert news.withdrawn_at == world.at
    assert [type(fact) for fact in heard[1:]] == [facts.ConsentGiven, facts.ConsentWithdrawn]


def test_verifying_takes_what_the_clerk_saw_and_lets_the_person_belong(world, heard):
    person_id = world.account(name="길동").person_id
    verify(world, person_id)
    with world.read() as s:
        person = s.get_one(Person, person_id)
        assert (person.name, person.masked_name, person.birth_date) == (
            "홍길동",
            "홍*동",
            "1950-03-02",
        )
        assert world.standing(s, person_id).belongs_to(world.place(s))
        assert queries.people_by_identity(s, "홍 길동", BORN) == [person]
    assert heard[-1].member_class == "resident"
    with refused(PersonRefusal.ALREADY_MEMBER):
        verify(world, person_id, member_class=MemberClass.WORKER)


def test_the_same_name_and_birth_date_need_a_second_look(world):
    first, second = world.account().person_id, world.account().person_id
    verify(world, first)
    with refused(PersonRefusal.SAME_IDENTITY):
        verify(world, second)
    verify(world, second, twin=Twin.ANOTHER)
    with world.read() as s:
        assert [one.id for one in queries.people_by_identity(s, "홍길동", BORN)] == [first, second]


def test_a_foreign_name_is_one_name_however_it_is_typed(world):
    first, second = world.account().person_id, world.account().person_id
    verify(world, first, name="KIM MINJI")
    with refused(PersonRefusal.SAME_IDENTITY):
        verify(world, second, name="Kim Minji")
    verify(world, first, "gasan", name="kim minji")
    with world.read() as s:
        person = s.get_one(Person, first)
        assert person.name == "KIM MINJI"
        assert queries.people_by_identity(s, "Ｋｉｍ Minji", BORN) == [person]


def test_a_second_dong_does_not_write_over_who_the_first_saw(world):
    person_id = world.account().person_id
    verify(world, person_id)
    clerk = world.staff(Role.CLERK, "gasan")
    for other in ({"name": "홍길순"}, {"born": date(1950, 3, 3)}):
        with refused(PersonRefusal.OTHER_IDENTITY):
            verify(world, person_id, "gasan", by=clerk, **other)
    verify(world, person_id, "gasan", by=clerk)
    with world.write() as s:
        for membership in s.scalars(select(Membership)):
            registrar = clerk if membership.place.slug == "gasan" else world.registrar()
            actions.end_membership(s, membership, by=world.standing(s, registrar), at=world.at)
    verify(world, person_id, name="홍길순")
    with world.read() as s:
        assert s.get_one(Person, person_id).name == "홍길순"


def test_a_child_is_verified_with_the_guardians_consent_which_is_kept(world):
    person_id = world.person()
    fourteen_tomorrow = date(2007, 3, 3)
    with refused(PersonRefusal.GUARDIAN_NEEDED):
        verify(world, person_id, born=fourteen_tomorrow)
    verify(world, person_id, born=fourteen_tomorrow, guardian_checked=True)
    with world.read() as s:
        assert queries.consent_in_force(s, person_id, ConsentKind.GUARDIAN) is not None


def test_only_a_clerk_of_the_dong_verifies_and_nobody_themselves(world):
    person_id = world.person()
    gasan_clerk = world.staff(Role.CLERK, "gasan")
    with refused(PersonRefusal.NOT_CLERK):
        verify(world, person_id, by=gasan_clerk)
    with refused(PersonRefusal.SELF_VERIFICATION):
        verify(world, gasan_clerk, "gasan", by=gasan_clerk)
    verify(world, person_id, "gasan", by=gasan_clerk)


def test_a_membership_ends_today_or_on_its_first_day_tomorrow_and_may_begin_anew(world, heard):
    person_id = world.resident()
    clerk = world.registrar()

    def end():
        with world.write() as s:
            last = s.scalars(select(Membership).order_by(Membership.id.desc())).first()
            actions.end_membership(s, last, by=world.standing(s, clerk), at=world.at)

    end()
    with refused(PersonRefusal.NOT_MEMBER):
        end()
    verify(world, person_id)
    world.pass_time(days=3)
    end()
    with world.read() as s:
        assert not world.standing(s, person_id).is_verified
        first, second = s.scalars(select(Membership).order_by(Membership.id))
        assert first.until == first.since + timedelta(days=1)
        assert second.until == seoul_day(world.at)
    assert [type(fact) for fact in heard].count(facts.MembershipEnded) == 2


def test_someone_without_account_is_registered_in_one_write(world):
    clerk = world.registrar()

    def register(**seen):
        with world.write() as s:
            actions.register_resident(
                s,
                world.place(s),
                member_class=MemberClass.RESIDENT,
                name="정가람",
                born=BORN,
                by=world.standing(s, clerk),
                at=world.at,
                **seen,
            )

    register()
    with refused(PersonRefusal.SAME_IDENTITY):
        register()
    with world.read() as s:
        assert len(queries.people_by_identity(s, "정가람", BORN)) == 1
        assert s.scalar(select(func.count()).select_from(Person)) == 2


def test_leaving_removes_the_person_and_keeps_only_that_they_were(world, heard):
    account = world.account(name="홍길동", address="hong@example.kr")
    world.verify(account.person_id)
    world.grant(account.person_id, Role.CHAIR, "doksan1")
    token = world.token(account.person_id)
    world.pass_time(days=1)
    with world.write() as s:
        held = s.get_one(Account, account.id)
        actions.withdraw_person(s, held, checked=account.passphrase_hash, at=world.at)
    world.pass_time(minutes=1)
    with world.read() as s:
        person = s.get_one(Person, account.person_id)
        assert (person.name, person.birth_date, person.identity_mac) == ("", None, None)
        assert person.masked_name == ""
        assert s.scalar(select(func.count()).select_from(Contact)) == 0
        assert queries.live_sign_in(s, token, at=world.at) is None
        standing = world.standing(s, account.person_id)
        assert not standing.is_verified
        assert not standing.grants
        assert all(one.withdrawn_at for one in queries.consents_of(s, account.person_id))
    assert isinstance(heard[-1], facts.PersonWithdrew)
    again = world.account(name="홍길동", address="hong@example.kr")
    assert again.person_id != account.person_id
    with refused(PersonRefusal.UNKNOWN_PERSON):
        verify(world, account.person_id)


def test_a_new_passphrase_signs_out_every_other_device_and_is_recorded_itself(world, heard):
    account = world.account()
    here, there = world.token(account.person_id), world.token(account.person_id)
    with world.write() as s:
        actions.change_passphrase(
            s,
            s.get_one(Account, account.id),
            hash_passphrase("new words here"),
            checked=account.passphrase_hash,
            keep=here,
            at=world.at,
        )
    with world.read() as s:
        assert queries.live_sign_in(s, here, at=world.at) is not None
        assert queries.live_sign_in(s, there, at=world.at) is None
    changed, revoked = heard[-2:]
    assert isinstance(changed, facts.PassphraseChanged)
    assert (changed.by, changed.person_id) == (account.person_id, account.person_id)
    assert (type(revoked), revoked.count) == (facts.SignInsRevoked, 1)
    with world.write() as s:
        held = s.get_one(Account, account.id)
        actions.revoke_sign_ins(s, held, by=account.person_id, at=world.at, keep=here)
    assert heard[-1] is revoked, "nothing was signed out, nothing is recorded"


def test_a_device_is_signed_out_by_its_owner_alone(world):
    mine, yours = world.account(), world.account()
    token = world.token(yours.person_id)
    device = queries.token_hash(token)
    with world.write() as s:
        assert not actions.end_device(s, s.get_one(Account, mine.id), device, at=world.at)
    with world.write() as s:
        assert actions.end_device(s, s.get_one(Account, yours.id), device, at=world.at)
    with world.read() as s:
        assert queries.live_sign_in(s, token, at=world.at) is None


def test_a_sign_in_whose_passphrase_was_changed_meanwhile_does_not_begin(world):
    account = world.account()
    checked = account.passphrase_hash
    here = world.token(account.person_id)

    def begin():
        with world.write() as s:
            held = s.get_one(Account, account.id)
            return actions.begin_checked_sign_in(s, held, checked, at=world.at)

    assert begin() is not None
    with world.write() as s:
        held = s.get_one(Account, account.id)
        actions.change_passphrase(s, held, "another hash", checked=checked, keep=here, at=world.at)
    assert begin() is None


def test_a_proof_by_a_passphrase_that_was_changed_meanwhile_does_not_count(world, heard):
    account = world.account(address="mine@example.kr")
    old, here = account.passphrase_hash, world.token(account.person_id)

    def act(perform, *arguments, **named):
        with world.write() as s:
            perform(s, s.get_one(Account, account.id), *arguments, at=world.at, **named)

    act(actions.change_passphrase, "another hash", checked=old, keep=here)
    told = list(heard)
    for perform, *arguments, named in (
        (actions.change_passphrase, "a third hash", {"keep": here}),
        (actions.set_contact, "robber@example.kr", {}),
        (actions.remove_contact, ContactKind.EMAIL, {}),
        (actions.withdraw_person, {}),
    ):
        for proof in (old, ""):
            with refused(PersonRefusal.WRONG_PASSPHRASE):
                act(perform, *arguments, checked=proof, **named)
    with world.read() as s:
        held = s.get_one(Account, account.id)
        assert held.passphrase_hash == "another hash"
        assert [one.address for one in held.contacts] == ["mine@example.kr"]
        assert held.person.withdrawn_at is None
    assert heard == told


def test_whoever_left_is_not_changed_any_more(world, heard):
    account = world.account(name="홍길동")

    def change(act, *arguments, **named):
        with world.write() as s:
            held = s.get_one(Account, account.id)
            act(s, held.person if act is actions.change_name else held, *arguments, **named)

    proof = account.passphrase_hash
    change(actions.withdraw_person, checked=proof, at=world.at)
    told = list(heard)
    change(actions.withdraw_person, checked=proof, at=world.at)
    with refused(PersonRefusal.UNKNOWN_PERSON):
        change(actions.change_name, "홍길동", at=world.at)
    with refused(PersonRefusal.WRONG_PASSPHRASE):
        change(actions.set_contact, "hong@example.kr", checked=proof, at=world.at)
    with refused(PersonRefusal.WRONG_PASSPHRASE):
        change(actions.change_passphrase, "a hash", checked=proof, keep="", at=world.at)
    assert heard == told


def test_ended_sign_ins_are_forgotten_after_a_month(world):
    account = world.account()
    revoked, _expires, _again = (world.token(account.person_id) for _ in range(3))
    with world.write() as s:
        actions.end_sign_in(s, revoked, at=world.at)

    def left():
        with world.write() as s:
            actions.forget_sign_ins(s, at=world.at)
            return s.scalar(select(func.count()).select_from(SignIn))

    assert left() == 3
    world.pass_time(days=31)
    assert left() == 2
    world.pass_time(days=14)
    assert left() == 0
