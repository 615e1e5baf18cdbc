"""The counting engine: exact, explained, and alone (no database, no Flask, no float).

Candidates and ballots go in (`election`), a `Count` comes out (`outcome`): who is selected, round
by round and why, and every tie with how it was settled.
"""
