"""How long anybody waits for the Redis that processes share: an act never hangs on it."""

from redis.backoff import NoBackoff
from redis.retry import Retry

# A line that Redis closed meanwhile is tried once more; whoever listens may wait for good.
PATIENCE = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry": Retry(NoBackoff(), 1),
}
