"""The Python twin of the room's client: the same order of events, over a socket and fetching."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import requests
import socketio

GAP_GRACE = 0.25
PAGE = 200
DEADLINE = 60.0


class Feed:
    """The twin of feed.js: gives every event back exactly once and in order."""

    waiting_at_most = 1000

    def __init__(self, last: int) -> None:
        self.last = last
        self._waiting: dict[int, dict[str, Any]] = {}

    @property
    def has_gap(self) -> bool:
        return bool(self._waiting)

    def accept(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for event in events:
            if event["seq"] > self.last and len(self._waiting) < self.waiting_at_most:
                self._waiting[event["seq"]] = event
        ready = []
        while self.last + 1 in self._waiting:
            self.last += 1
            ready.append(self._waiting.pop(self.last))
        return ready


class Watcher:
    """One screen in the hall: applies events, loses its line now and then, or only asks."""

    def __init__(self, address: str, assembly_id: int, *, asks_only: bool, chance: int) -> None:
        self.applied: list[int] = []
        self.fetches = self.drops = self.heard_by_socket = 0
        self._events = f"{address}/assemblies/{assembly_id}/room/events"
        self._address, self._assembly = address, assembly_id
        self._feed, self._lock = Feed(0), threading.Lock()
        self._asks_only = asks_only
        self._random = random.Random(chance)
        self._stop, self._wake = threading.Event(), threading.Event()
        self._http = requests.Session()

    def take(self, events: list[dict[str, Any]], *, by_socket: bool) -> None:
        """Apply what is ready, as the page would."""
        with self._lock:
            ready = self._feed.accept(events)
            self.applied.extend(event["seq"] for event in ready)
            self.heard_by_socket += len(ready) if by_socket else 0
            if self._feed.has_gap:
                self._wake.set()

    def catch_up(self) -> None:
        """Fetch until nothing is missing."""
        while True:
            before = self._feed.last
            answer = self._http.get(
                self._events, params={"after": before, "limit": PAGE}, timeout=DEADLINE
            )
            answer.raise_for_status()
            page = answer.json()
            self.fetches += 1
            self.take(page["events"], by_socket=False)
            if self._feed.last >= page["last"] or self._feed.last == before:
                return

    def watch(self, *, lives: tuple[float, float], drops: tuple[float, float], poll: float) -> None:
        """Follow the room until told to stop; then look once more."""
        while not self._stop.is_set():
            if self._asks_only:
                self.catch_up()
                self._stop.wait(poll)
            else:
                self._one_life(self._random.uniform(*lives))
                self.drops += 1
                self._stop.wait(self._random.uniform(*drops))
        self.catch_up()

    def _one_life(self, seconds: float) -> None:
        """Keep a socket for a while, then lose it."""
        client = socketio.Client(reconnection=False, handle_sigint=False)
        client.on(
            "events", lambda frame: self.take(frame["events"], by_socket=True), namespace="/live"
        )
        client.connect(
            self._address,
            namespaces=["/live"],
            transports=["websocket"],
            wait_timeout=DEADLINE,
        )
        try:
            watching = client.call(
                "watch", {"assembly": self._assembly}, namespace="/live", timeout=DEADLINE
            )
            assert watching["ok"], watching
            self.catch_up()
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0 and not self._stop.is_set():
                if self._wake.wait(min(left, 0.2)):
                    self._wake.clear()
                    self._stop.wait(GAP_GRACE)
                    if self._feed.has_gap:
                        self.catch_up()
        finally:
            client.disconnect()

    def stop(self) -> None:
        """Let the watcher look once more and go."""
        self._stop.set()
        self._wake.set()
