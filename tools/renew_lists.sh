#!/bin/sh
# Pin the newest packages, each with the hashes of all its files: requirements.txt holds what reports need,
# requirements-tests.txt what tests and tools need beside it. No package stands in both. requirements-windows.txt
# holds what reports need in the folder for Windows, of the same versions.
#
# One list holds for every Python that we support: where versions must differ, lines carry markers.
# Usage: renew_lists.sh [UV [FOLDER]]: the resolver (.venv/bin/uv), and where the lists go (here).
set -eu
cd "$(dirname "$0")/.."

UV=${1:-.venv/bin/uv}
FOLDER=${2:-.}
SUPPORTED=3.11 # The oldest Python; pyproject.toml says the same.
NEW=$(mktemp -d)
trap 'rm -rf "$NEW"' EXIT
trap 'exit 130' INT TERM

say() { printf '[清单] %s\n' "$*" >&2; }

# Nothing is built to find out what it needs (--no-build), so everything listed has a wheel.
compile() {
    "$UV" pip compile --quiet --no-config --universal --python-version $SUPPORTED --no-build --generate-hashes \
        --no-annotate --no-header --extra sign --extra web pyproject.toml "$@" </dev/null
}

# The build tool of the editable installation belongs to what is installed: pip must not fetch another.
write_builder() {
    .venv/bin/python -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'
}

names() { sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' "$1"; }

say '查各软件包的最新版本……'
write_builder >"$NEW/builder.in"
compile "$NEW/builder.in" >"$NEW/requirements.txt"
# shellcheck disable=SC2046  # Names of packages hold no blanks: the splitting is meant.
compile requirements-tests.in --extra cluster --constraints "$NEW/requirements.txt" \
    $(names "$NEW/requirements.txt" | sed 's/^/--no-emit-package /') >"$NEW/requirements-tests.txt"
"$UV" pip compile --quiet --no-config --python-platform x86_64-pc-windows-msvc --python-version 3.13 --no-build \
    --generate-hashes --no-annotate --no-header --extra sign --extra web --constraints "$NEW/requirements.txt" \
    pyproject.toml </dev/null >"$NEW/requirements-windows.txt"

source_of() {
    case $1 in
    requirements-tests) echo ' and requirements-tests.in' ;;
    requirements-windows) echo ', for Windows' ;;
    esac
}

mkdir -p "$FOLDER"
for list in requirements requirements-tests requirements-windows; do
    {
        printf '# Written by "make lists" from pyproject.toml%s: not edited by hand.\n' "$(source_of $list)"
        cat "$NEW/$list.txt"
    } >"$NEW/$list.new"
    mv "$NEW/$list.new" "$FOLDER/$list.txt"
    say "$FOLDER/$list.txt：$(names "$FOLDER/$list.txt" | wc -l) 个软件包"
done
