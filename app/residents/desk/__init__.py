"""The clerks' pages: finding people, verifying, helping and entrusting them."""

from app.residents.desk import correcting, passphrases, people, roles
from app.residents.desk.shared import blueprint

__all__ = ["blueprint", "correcting", "passphrases", "people", "roles"]
