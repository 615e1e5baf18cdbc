"""Everything residents may say has its words."""

from app.residents import words
from app.residents.models import ConsentKind, ContactKind, LookPurpose, MemberClass, Role
from app.residents.policy import PersonRefusal


def test_every_refusal_has_its_sentence_and_status(app):
    assert set(words.SENTENCES) == set(PersonRefusal)
    for refusal, sentence in words.SENTENCES.items():
        assert sentence.status in (403, 409, 422), refusal
        assert sentence.fill({}).endswith("."), refusal


def test_every_code_has_its_name():
    assert set(words.ROLES) == set(words.ROLE_DUTIES) == set(Role)
    assert set(words.CLASSES) == set(words.CLASS_PAPERS) == set(MemberClass)
    assert set(words.CONSENTS) == set(ConsentKind)
    assert set(words.PURPOSES) == set(LookPurpose)
    assert set(words.CONTACTS) == set(ContactKind)
