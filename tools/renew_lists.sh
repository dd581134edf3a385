#!/bin/sh
# Pin the newest packages, each with the hashes of all its files: requirements.txt holds what reports need,
# requirements-tests.txt what tests and tools need beside it. No package stands in both.
#
# One list holds for every Python that we support: where versions must differ, lines carry markers.
# Usage: renew_lists.sh [UV]: the resolver, .venv/bin/uv if nothing is said.
set -eu
cd "$(dirname "$0")/.."

UV=${1:-.venv/bin/uv}
SUPPORTED=3.11 # The oldest Python; pyproject.toml says the same.
NEW=$(mktemp -d)
trap 'rm -rf "$NEW"' EXIT
trap 'exit 130' INT TERM

say() { printf '[清单] %s\n' "$*" >&2; }

# Nothing is built to find out what it needs (--no-build), so everything listed has a wheel.
compile() {
    "$UV" pip compile --quiet --no-config --universal --python-version $SUPPORTED --no-build --generate-hashes \
        --no-annotate --no-header "$@" </dev/null
}

# The build tool of the editable installation belongs to what is installed: pip must not fetch another.
write_builder() {
    .venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'
}

names() { sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' "$1"; }

# Only our own lists decide, not what somebody has set for the resolver here.
for name in $(env | sed -n 's/^\(UV_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

say '查各软件包的最新版本……'
write_builder >"$NEW/builder.in"
compile --extra sign pyproject.toml "$NEW/builder.in" >"$NEW/requirements.txt"
# shellcheck disable=SC2046  # Names of packages hold no blanks: the splitting is meant.
compile --extra sign --constraints "$NEW/requirements.txt" $(names "$NEW/requirements.txt" | sed 's/^/--no-emit-package /') \
    pyproject.toml requirements-tests.in >"$NEW/requirements-tests.txt"

for list in requirements requirements-tests; do
    {
        printf '# Written by "make lists" from pyproject.toml%s: not edited by hand.\n' \
            "$([ $list = requirements ] || echo ' and requirements-tests.in')"
        cat "$NEW/$list.txt"
    } >"$NEW/$list.new"
    mv "$NEW/$list.new" $list.txt
    say "$list.txt：$(names $list.txt | wc -l) 个软件包"
done
