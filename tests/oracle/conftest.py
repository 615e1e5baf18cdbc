"""Comparisons with other people's counts stand out of the way where those are not installed."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pabutools") else ["test_*.py"]
