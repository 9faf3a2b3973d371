#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: from the system's packages, where we may install them.
set -eu
for name in "${MULTIMAIL_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests …"
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium >/dev/null
  exit 0
fi
echo "The browser tests need Chromium: install it (Debian: apt-get install chromium), or name yours:" >&2
echo "  make test MULTIMAIL_TEST_CHROMIUM=/path/to/chromium" >&2
exit 1
