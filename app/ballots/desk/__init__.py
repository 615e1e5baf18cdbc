"""Ballots as the staff draw them up, freeze, open, close, count and certify them."""

from app.ballots.desk import acting, drawing, showing
from app.ballots.desk.panels import panel, waiting
from app.ballots.desk.shared import EVERYONE, bp

__all__ = ["EVERYONE", "acting", "bp", "drawing", "panel", "showing", "waiting"]
