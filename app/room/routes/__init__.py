"""The room's pages: the hall, the feed, the projector, and the chair's console."""

from app.room.routes import console, hall
from app.room.routes.answering import blueprint

__all__ = ["blueprint", "console", "hall"]
