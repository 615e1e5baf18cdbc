#!/usr/bin/env bash
# See to what the whole suite needs beyond Python: Chromium, PostgreSQL and Redis.
# As root on Debian or Ubuntu whatever is missing is installed; otherwise one line says how.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing+=(redis-server)
browser=yes
[ -n "$(tools/chromium.sh)" ] || browser=
[ "${#missing[@]}" -gt 0 ] || [ -z "$browser" ] || exit 0

if ! command -v apt-get >/dev/null; then
  [ -n "$browser" ] || missing+=(chromium)
  echo "To run the suite, install: ${missing[*]}" >&2
  exit 1
fi

as_root() { [ "$(id -u)" = 0 ]; }

# Servers that a package brings must not start by themselves: the suite starts its own.
hold_services() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

if as_root; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  hold_services
fi
# Ubuntu's package only points to a snap, which cannot be driven from a script.
packaged_browser() {
  local described
  described=$(apt-cache show chromium 2>/dev/null) && [ -n "$described" ] && ! grep -qi snap <<<"$described"
}
own_browser=
if [ -z "$browser" ]; then
  if packaged_browser; then missing+=(chromium); else own_browser=yes; fi
fi

if [ "${#missing[@]}" -gt 0 ]; then
  if ! as_root; then
    echo "To run the suite: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ -n "$own_browser" ]; then
  echo "installing a Chromium of Playwright's own"
  if as_root; then
    .venv/bin/python -m playwright install --with-deps chromium
  else
    .venv/bin/python -m playwright install chromium
  fi
fi
