"""The clerks' pages: finding people, verifying them, and entrusting them with roles."""

from app.residents.desk import correcting, people, roles
from app.residents.desk.shared import blueprint

__all__ = ["blueprint", "correcting", "people", "roles"]
