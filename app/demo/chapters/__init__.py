"""The chapters of the demo year; each notes its acts in the teller's calendar."""
