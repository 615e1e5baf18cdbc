"""Textbook elections, and short ways to write ballots."""

from fractions import Fraction

from app.ballots.rules.counting.election import Candidate, Ranking


def paper(*ids, **more):
    """Candidates with these ids; a word of letters is one candidate a letter."""
    letters = ids[0] if len(ids) == 1 else ids
    return tuple(Candidate(id=one, name=one, **more) for one in letters)


def rankings(text):
    """Rankings from lines such as `57: A > B=C > D`."""
    ballots = []
    for line in text.strip().splitlines():
        weight, _, order = line.partition(":")
        tiers = tuple(
            tuple(one.strip() for one in tier.split("="))
            for tier in order.split(">")
            if tier.strip()
        )
        ballots.append(Ranking(tiers, Fraction(weight.strip())))
    return ballots


TENNESSEE = rankings(
    """
    42: Memphis > Nashville > Chattanooga > Knoxville
    26: Nashville > Chattanooga > Knoxville > Memphis
    15: Chattanooga > Knoxville > Nashville > Memphis
    17: Knoxville > Chattanooga > Nashville > Memphis
    """
)
TENNESSEE_PAPER = paper("Memphis", "Nashville", "Chattanooga", "Knoxville")

# The last three of the mayoral election of Burlington, Vermont, 2009.
BURLINGTON = rankings(
    """
    1332: Montroll > Kiss > Wright
    767: Montroll > Wright > Kiss
    455: Montroll
    2043: Kiss > Montroll > Wright
    371: Kiss > Wright > Montroll
    568: Kiss
    1513: Wright > Montroll > Kiss
    495: Wright > Kiss > Montroll
    1289: Wright
    """
)
BURLINGTON_PAPER = paper("Kiss", "Montroll", "Wright")

# Schulze's own example with 45 voters.
SCHULZE_45 = rankings(
    """
    5: A > C > B > E > D
    5: A > D > E > C > B
    8: B > E > D > A > C
    3: C > A > B > E > D
    7: C > A > E > B > D
    2: C > B > A > D > E
    7: D > C > E > B > A
    8: E > B > A > D > C
    """
)

# Food for a party: the usual first example of STV, three places, quota 6.
FOOD = rankings(
    """
    4: Orange
    2: Pear > Orange
    8: Chocolate > Strawberry
    4: Chocolate > Sweets
    1: Strawberry
    1: Sweets
    """
)
FOOD_PAPER = paper("Orange", "Pear", "Chocolate", "Strawberry", "Sweets")

# Two places, quota 20: the usual example of how a surplus is shared out.
ANDREA = rankings(
    """
    16: Andrea > Brad > Carter > Delilah
    24: Andrea > Carter > Brad > Delilah
    17: Delilah > Andrea > Brad > Carter
    """
)
ANDREA_PAPER = paper("Andrea", "Brad", "Carter", "Delilah")
