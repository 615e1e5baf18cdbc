"""Which clock this installation goes by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.core.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from app.core.clock import Clock
    from app.settings import Settings

OFFSET_FILE = "demo-clock"


def write_offset(instance: Path, story_now: datetime) -> None:
    """Remember how far the demonstration's clock is behind the machine's."""
    offset = story_now - SystemClock().now()
    (instance / OFFSET_FILE).write_text(f"{offset.total_seconds():.0f}\n", encoding="ascii")


def read_offset(instance: Path) -> timedelta:
    """Return the demonstration's offset; zero before the story was told."""
    file = instance / OFFSET_FILE
    if not file.exists():
        return timedelta(0)
    return timedelta(seconds=int(file.read_text(encoding="ascii")))


def install(app: Flask, settings: Settings, clock: Clock | None) -> None:
    """Set the app's clock: the one given, the demonstration's, or the machine's."""
    if clock is None:
        clock = SystemClock(read_offset(settings.instance_path) if settings.demo else timedelta(0))
    app.extensions["clock"] = clock
