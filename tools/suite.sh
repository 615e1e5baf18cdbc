#!/usr/bin/env bash
# The whole suite, phase by phase; the first phase that fails ends it.
# Expects TEST_DATABASE_URL and TEST_REDIS_URL from `python -m tests.support.services run`.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${TEST_DATABASE_URL:?start me with: python -m tests.support.services run -- tools/suite.sh}"
CHROMIUM_PATH=$(tools/chromium.sh)
export CHROMIUM_PATH

tests() { .venv/bin/pytest -q -n auto --maxprocesses 8 "$@"; }

echo "== on SQLite"
(unset TEST_DATABASE_URL && tests -m "not browser and not postgres")
echo "== on PostgreSQL"
tests -m "not browser" --ignore tests/architecture
echo "== in a browser"
(unset TEST_DATABASE_URL && tests -m browser)
