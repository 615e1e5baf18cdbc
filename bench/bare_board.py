"""The reference for the board: a bare Flask page that lists twenty proposals through the ORM.

It reads the product's own tables with classes of its own: the page's proposals with their author,
place and reply, and how many there are. No sign-in, no session, no filters, no translation.
"""

from __future__ import annotations

import os
from datetime import datetime

from flask import Flask, render_template, request
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

PAGE_SIZE = 20
PAGE = """<!doctype html>
<html lang="ko">
  <head>
    <meta charset="utf-8">
    <title>제안</title>
    <link rel="stylesheet" href="/static/board.css">
  </head>
  <body>
    <header><a href="/">마당</a>
      <nav>{% for name in menu %}<a href="/{{ loop.index }}">{{ name }}</a>{% endfor %}</nav>
    </header>
    <main>
      <h1>제안</h1>
      <p>모두 {{ total }}건</p>
      <ul>
        {% for one in proposals %}
          <li>
            <h3><a href="{{ url_for('detail', proposal_id=one.id) }}">{{ one.title }}</a></h3>
            <p>{{ one.sense }}</p>
            <p><span>{{ one.place.name }}</span> <span>{{ one.field }}</span>
              <span>공감 {{ one.endorsement_count }} / {{ one.threshold }}</span>
              <span>{{ one.author.masked_name }}</span></p>
            <p><span>{{ one.state }}</span>
              <time>{{ one.published_at.strftime("%Y. %m. %d.") }}</time></p>
          </li>
        {% endfor %}
      </ul>
      <nav>{% if number > 1 %}<a href="{{ url_for('board', page=number - 1) }}">이전</a>{% endif %}
        {{ number }}쪽
        {% if total > number * 20 %}<a href="{{ url_for('board', page=number + 1) }}">다음</a>
        {% endif %}</nav>
    </main>
  </body>
</html>
"""


class Base(DeclarativeBase):
    """The product's tables as a plain list needs them."""


class Place(Base):
    """A dong, by its name."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Person(Base):
    """An author, masked."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    masked_name: Mapped[str]


class Proposal(Base):
    """A proposal with whom and what it names."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    sense: Mapped[str]
    body: Mapped[str]
    field: Mapped[str]
    state: Mapped[str]
    threshold: Mapped[int | None]
    endorsement_count: Mapped[int]
    published_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    place: Mapped[Place] = relationship()
    author: Mapped[Person] = relationship()


def create_app() -> Flask:
    """Build the reference on the database that DATABASE_URL names."""
    app = Flask(__name__)
    engine = create_engine(os.environ["DATABASE_URL"])
    page = app.jinja_env.from_string(PAGE)

    @app.get("/proposals")
    def board() -> str:
        number = request.args.get("page", 1, type=int)
        listed = (Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
        with Session(engine) as session:
            total = session.scalar(select(func.count()).select_from(Proposal).where(*listed))
            proposals = session.scalars(
                select(Proposal)
                .where(*listed)
                .options(joinedload(Proposal.place), joinedload(Proposal.author))
                .order_by(Proposal.published_at.desc(), Proposal.id.desc())
                .offset((number - 1) * PAGE_SIZE)
                .limit(PAGE_SIZE)
            ).all()
            return render_template(
                page,
                proposals=proposals,
                total=total,
                number=number,
                menu=("홈", "제안", "공론장", "총회", "약속", "내 활동"),
            )

    @app.get("/proposals/<int:proposal_id>")
    def detail(proposal_id: int) -> str:
        return str(proposal_id)

    return app
