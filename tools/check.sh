#!/usr/bin/env bash
# What `make check` runs: style, types and contracts beside the quick tests on SQLite.
# Lint keeps what it says until the tests have had their say; either one's failure is the whole's.
set -uo pipefail
cd "$(dirname "$0")/.."
unset TEST_DATABASE_URL TEST_REDIS_URL

said=$(mktemp)
tools/lint.sh >"$said" 2>&1 &
lint=$!
trap 'kill "$lint" 2>/dev/null; rm -f "$said"' EXIT

.venv/bin/pytest -q -n 2 -m "not browser and not slow and not services"
tests=$?
wait "$lint"
lint_status=$?
echo "== lint"
cat "$said"
[ "$tests" = 0 ] || echo "check: a test failed" >&2
[ "$lint_status" = 0 ] || echo "check: lint failed" >&2
[ "$tests" = 0 ] && [ "$lint_status" = 0 ]
