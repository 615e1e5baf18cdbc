#!/usr/bin/env bash
# Print a Python that can make the environment, or say in one line what to install.
set -euo pipefail

advise() {
  echo "$1 Install it first; on Debian or Ubuntu: apt-get install git make python3 python3-venv" >&2
  exit 1
}

command -v git >/dev/null || advise "git is missing."
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
  command -v "$candidate" >/dev/null || continue
  "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
  "$candidate" -c 'import venv, ensurepip' 2>/dev/null || advise "$candidate lacks its venv module."
  echo "$candidate"
  exit
done
advise "Python 3.11 or newer is missing."
