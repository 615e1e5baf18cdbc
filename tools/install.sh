#!/usr/bin/env bash
# Install one list of pins into .venv (or the environment named second), every file checked
# against its hash.
# uv is used where it stands (seconds) and pip otherwise; for the development list uv is fetched.
# Either compiles what it installs: where nothing may write compiled files later, each start of each
# command would compile everything anew, which takes twice as long as all the rest of it.
set -euo pipefail
cd "$(dirname "$0")/.."
pins=$1
venv=${2:-.venv}

echo "installing $pins"
if [ "$pins" = requirements-dev.txt ] && [ ! -x .venv/bin/uv ]; then
  .venv/bin/pip install --quiet --disable-pip-version-check uv || echo "uv is not to be had; going on with pip"
fi
uv=$(command -v .venv/bin/uv || command -v uv || true)
if [ -n "$uv" ]; then
  verb=install
  # The longer lists hold the other too, so what stands in neither may go.
  [ "$pins" != requirements.txt ] && verb=sync
  arguments=(pip "$verb" --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes)
  [ "$verb" = install ] && arguments+=(-r)
  "$uv" "${arguments[@]}" "$pins" && exit
  echo "uv did not manage; going on with pip"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$pins"
