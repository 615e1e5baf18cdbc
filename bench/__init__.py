"""Measurements, each beside its own reference in the same run."""
