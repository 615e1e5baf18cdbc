"""The forum's pages for residents: what is said, and the map of agreement."""

from app.forum.routes.agreement import blueprint as agreement
from app.forum.routes.talk import blueprint as talk

__all__ = ["agreement", "talk"]
