#!/bin/sh
# Run the tests with the newest versions of all packages, in an environment of its own (.setup/newest).
#
# Run by hand now and then: it tells what "make lists" would bring. What it finds depends on the day, so it is no
# part of what a change must pass.
# Usage: try_newest.sh [WORDS FOR PYTEST]
set -eu
cd "$(dirname "$0")/.."

NEWEST=.setup/newest
PYTHON=${PYTHON:-python3}

sh tools/renew_lists.sh .venv/bin/uv "$NEWEST.lists"
"$PYTHON" -m venv --clear $NEWEST
for list in requirements requirements-tests; do
    $NEWEST/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --only-binary :all: -r "$NEWEST.lists/$list.txt"
    diff $list.txt "$NEWEST.lists/$list.txt" | grep '^[<>] .*==' || true
done
$NEWEST/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
$NEWEST/bin/python -m pip check
$NEWEST/bin/python -m pytest -n 2 "$@"
