#!/usr/bin/env bash
# Print the path of a Chromium that starts, or nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

# A distribution's transitional package leaves a program that only points to a snap: ask it.
for candidate in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome; do
  [ -n "$candidate" ] || continue
  found=$(command -v "$candidate") || continue
  "$found" --version >/dev/null 2>&1 || continue
  echo "$found"
  exit
done
[ -x .venv/bin/python ] || exit 0
# Playwright's driver may lack a system library on a bare machine: then it has no browser to offer.
.venv/bin/python - 2>/dev/null <<'PYTHON' || true
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
if Path(path).exists():
    print(path)
PYTHON
