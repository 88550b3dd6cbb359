#!/usr/bin/env bash
# Make .venv and install the locked dependencies given as the first argument, then ourselves.
set -euo pipefail
lock=$1
python=${PYTHON:-python3}

say() { printf 'goodsout: %s\n' "$1" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Python 3.11 or newer is needed as '$python'; install it, or name one: PYTHON=python3.12 make …"
    exit 1
fi
# Debian and Ubuntu ship the venv module apart from Python itself.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing python3-venv"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        say "Python's venv module is missing; run: sudo apt-get install python3-venv"
        exit 1
    fi
fi
if [ ! -x .venv/bin/python ]; then
    say "making .venv"
    "$python" -m venv .venv
fi
say "installing the locked dependencies of $lock"
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
