"""The index of a name and birth date folds case and width, so that KIM and Kim are one name.

The index is no key: two records may share one, as two people of one name and birth date do. So
nobody is merged or lost here; whoever comes to share one is named by number, for the desk to look.

`open_text` and `blind_index` of app.core.vault are used as they stand: they must go on opening what
was sealed and giving the same index for the same words, or this revision has to bring its own.
"""

import logging
import unicodedata

import sqlalchemy as sa
from alembic import op

from app.core.vault import CannotOpen, blind_index, open_text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PERSON = sa.table(
    "person",
    sa.column("id", sa.Integer()),
    sa.column("name", sa.LargeBinary()),
    sa.column("birth_date", sa.LargeBinary()),
    sa.column("identity_mac", sa.LargeBinary()),
)
BATCH = 1000
log = logging.getLogger("alembic.runtime.migration.folded_names")


def upgrade():
    _index_again(_folded)


def downgrade():
    _index_again(lambda name: "".join(name.split()))


def _folded(name):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())


def _birth_date(person):
    if person.birth_date is None:
        message = f"person {person.id} is indexed without a birth date: mend that record first"
        raise RuntimeError(message)
    return person.birth_date


def _index_again(fold):
    """Compute every index anew; keep that of a record which this site's key does not open."""
    connection = op.get_bind()
    people = sa.select(PERSON).where(PERSON.c.identity_mac.is_not(None)).order_by(PERSON.c.id)
    indexed, unopened, last = {}, [], 0
    while rows := connection.execute(people.where(PERSON.c.id > last).limit(BATCH)).all():
        last = rows[-1].id
        changed = []
        for row in rows:
            try:
                born = open_text(_birth_date(row)).replace("-", "")
                new = blind_index("identity", f"{fold(open_text(row.name))}|{born}")
            except CannotOpen:
                unopened.append(row.id)
                continue
            indexed.setdefault(new, []).append((row.id, bytes(row.identity_mac)))
            if new != bytes(row.identity_mac):
                changed.append({"person": row.id, "index": new})
        if changed:
            connection.execute(
                sa.update(PERSON)
                .where(PERSON.c.id == sa.bindparam("person"))
                .values(identity_mac=sa.bindparam("index")),
                changed,
            )
    if unopened and not indexed:
        message = "the field key opens nobody's name: bring back the key of this database first"
        raise RuntimeError(message)
    if unopened:
        log.warning("not opened by the field key, index kept, of the people: %s", unopened)
    for met in indexed.values():
        if len({old for _person, old in met}) > 1:
            log.warning("share a name and birth date now: people %s", [one for one, _old in met])
