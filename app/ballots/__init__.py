"""Ballots: the paper, the roll, the booth, the sealed urn, the count."""
