#!/bin/sh
# Make the virtual environment; Debian's python3 may come without ensurepip.
set -eu
python=$1 venv=$2
if "$python" -m venv "$venv" 2>/dev/null; then exit 0; fi
rm -rf "$venv"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get install -y -q python3-venv >/dev/null 2>&1 || { apt-get update -q >/dev/null && apt-get install -y -q python3-venv >/dev/null; }
  exec "$python" -m venv "$venv"
fi
# Without root: an environment without pip, filled by the system's pip.
"$python" -m venv --without-pip "$venv"
"$python" -m pip --python "$venv/bin/python" install --quiet pip
