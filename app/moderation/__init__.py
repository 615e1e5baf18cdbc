"""Hiding, reporting, and the public ledger of what was hidden and why."""
