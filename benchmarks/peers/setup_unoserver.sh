#!/bin/sh
# Set up unoserver, which is measured beside us, in an environment of its own; print that one's Python.
#
# It needs the Python of the system, for which LibreOffice's uno is built (Debian: python3-uno), and nothing of
# it is used by reportgen.
# Exit codes: 0 ready, 3 it cannot be set up here.
set -eu
cd "$(dirname "$0")/../.."

FOLDER=.setup/unoserver
SYSTEM=/usr/bin/python3
WHEEL='unoserver==3.7 --hash=sha256:fc44e6808071c9d2957e705ecf1742cea8a582aa5d5cc23babf36bb332ec6e8e'

stop() {
    printf '[准备] %s\n' "$*" >&2
    exit 3
}

if ! "$FOLDER/bin/python" -c 'import uno, unoserver' 2>/dev/null; then
    "$SYSTEM" -c 'import uno' 2>/dev/null || stop "没有 python3-uno（apt-get install python3-uno），不量 unoserver。"
    rm -rf "$FOLDER"
    "$SYSTEM" -m venv --system-site-packages "$FOLDER" >&2 || stop "没有 python3-venv，不量 unoserver。"
    echo "$WHEEL" >"$FOLDER/list"
    "$FOLDER/bin/python" -m pip install -q --no-deps --require-hashes --only-binary :all: -r "$FOLDER/list" >&2 ||
        stop "没有装上 unoserver，不量它。"
fi
printf '%s\n' "$PWD/$FOLDER/bin/python"
