#!/usr/bin/env bash
# Resolve pyproject.toml into requirements*.txt: hashes, no addresses of package hosts.
set -euo pipefail
cd "$(dirname "$0")/.."
compile=(.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11
  --generate-hashes --no-header pyproject.toml)
"${compile[@]}" -o requirements.txt
"${compile[@]}" --group dev -o requirements-dev.txt
# For an environment of its own: other counts bring much along that the product never needs.
"${compile[@]}" --group oracle -o requirements-oracle.txt
"${compile[@]}" --group dev --group mutants -o requirements-mutants.txt
