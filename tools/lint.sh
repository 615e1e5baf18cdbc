#!/usr/bin/env bash
# Everything that can be judged without running the application.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

step() {
  echo "· $*"
  "$@"
}

step ruff check --quiet .
step ruff format --quiet --check .
step mypy --no-error-summary
step lint-imports --no-logo
step djlint app/templates --lint --quiet
step python -m tools.pins
