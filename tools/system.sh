#!/bin/sh
# Check for what the tests need besides Python packages; as root on Debian, install what is missing.
# Without root the missing parts are named and the tests fail, unless ALLOW_MISSING=1 says to go on without.
set -eu
missing() {
  command -v chromium >/dev/null 2>&1 || echo chromium
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || echo postgresql
  command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
  command -v soffice >/dev/null 2>&1 || echo libreoffice-writer-nogui libreoffice-calc-nogui
  fc-list 2>/dev/null | grep -q 'Noto Sans CJK' || echo fonts-noto-cjk
}
need=$(missing | tr '\n' ' ')
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing: $need"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null 2>&1 || true
  # shellcheck disable=SC2086
  apt-get install -y -q fontconfig $need >/dev/null 2>&1 || true
  need=$(missing | tr '\n' ' ')
  [ -z "$need" ] && exit 0
fi
echo "missing system parts: $need"
echo "install them (Debian: apt-get install $need), or run with ALLOW_MISSING=1 to leave their tests out"
[ "${ALLOW_MISSING:-}" = 1 ]
