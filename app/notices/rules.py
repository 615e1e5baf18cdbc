"""When a notice that could not be mailed is tried again, and when no more.

A letter that the server refuses for now is tried six times. A letter that the server was not there
to take has not been tried: it waits, and for five days, as RFC 5321 (4.5.4.1) asks of a sender.
"""

from __future__ import annotations

from datetime import timedelta

MOST_ATTEMPTS = 6
# What everybody with an e-mail address is mailed, whatever news they agreed to, and is told though
# they may have done it themselves: if it was a stranger, nothing else would tell them.
ABOUT_THE_ACCOUNT = frozenset({"PassphraseSetAnew", "PassphraseChanged", "PersonalDataCorrected"})
# The last letter to an account's address, once the account is gone.
ACCOUNT_CLOSED = "AccountClosed"
# Nobody shows that an address is theirs, and anybody may name a stranger's: such a one gets few
# letters, and none for having been somebody's for an hour.
MOST_A_DAY = 5
DAY = STANDS_AFTER = timedelta(days=1)
PATIENCE = timedelta(days=5)
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)


def next_try_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many attempts; None when enough have failed."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return SOONEST * (1 << (attempts - 1))


def wait_for_server(age: timedelta) -> timedelta | None:
    """Return how long a letter of this age waits for a server that is away; None to give it up.

    As long as it has waited already, but at least five minutes and at most an hour.
    """
    return None if age >= PATIENCE else min(max(age, SOONEST), LATEST)
