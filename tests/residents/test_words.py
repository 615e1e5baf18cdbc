"""Everything residents may say has its words."""

import pytest
from flask_babel import force_locale

from app.moderation.words import MODERATING_ROLES
from app.residents import words
from app.residents.models import ConsentKind, ContactKind, LookPurpose, MemberClass, Role
from app.residents.policy import PersonRefusal


def test_every_refusal_has_its_sentence_and_status(app):
    assert set(words.SENTENCES) == set(PersonRefusal)
    for refusal, sentence in words.SENTENCES.items():
        assert sentence.status in (403, 409, 422), refusal
        assert sentence.fill({}).endswith("."), refusal


def test_every_code_has_its_name():
    assert set(words.ROLES) == set(Role)
    assert set(words.CLASSES) == set(words.CLASS_PAPERS) == set(MemberClass)
    assert set(words.CONSENTS) == set(ConsentKind)
    assert set(words.PURPOSES) == set(LookPurpose)
    assert set(words.CONTACTS) == set(ContactKind)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_two_roles_are_called_the_same(app, language):
    with app.test_request_context(), force_locale(language):
        called = {role: str(name) for role, name in words.ROLES.items()}
        in_ledger = {role: str(name) for role, name in MODERATING_ROLES.items()}
    assert len(set(called.values())) == len(Role)
    assert called[Role.MODERATOR] == in_ledger[Role.MODERATOR]
    assert in_ledger[Role.CHAIR] not in {called[Role.MODERATOR], in_ledger[Role.MODERATOR]}
