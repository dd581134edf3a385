#!/bin/sh
# Fetch an independent judge of what we make, or a program that is measured beside ours, into .setup, and
# print the class path that Java finds it by.
#
# Quick when it is there. What to fetch stands in tools/judges/<name>.pom.xml or benchmarks/peers/<name>.pom.xml,
# what it must be in <name>.sha256 beside it.
# Usage: setup_judge.sh verapdf|nu|poi-tl [--there]: --there only tells by its exit code whether it is there.
# Exit codes: 0 ready, 3 something is missing and cannot be installed from here.
set -eu
cd "$(dirname "$0")/.."

NAME=$1
POM=tools/judges/$NAME.pom.xml
[ -f "$POM" ] || POM=benchmarks/peers/$NAME.pom.xml
PINS=${POM%.pom.xml}.sha256
FOLDER=.setup/$NAME
PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:2.8

say() { printf '[准备] %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 3
}

has() { command -v "$1" >/dev/null 2>&1; }

# The folder is made whole or not at all, and keeps the pins that it was made for.
is_there() { has java && cmp -s "$PINS" "$FOLDER/pins.sha256"; }

missing_packages() {
    has java || echo default-jre-headless
    has mvn || echo maven
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    fi
}

install_packages() {
    # shellcheck disable=SC2046  # Names of packages hold no blanks: the splitting is meant.
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0
    has apt-get || stop "还缺少这些软件：$*（Java 和 Maven）。装好后再试。"
    say "安装系统软件包：$*"
    install_them "$@" || { as_root apt-get -q update && install_them "$@"; } ||
        stop "没有装上。请管理员执行：apt-get update && apt-get install --no-install-recommends $*"
}

install_them() { as_root apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"; }

# Maven compares each file with the checksum that comes with it (-C: or fails), and we with the pins, which
# must name every file that came.
fetch() {
    say "下载 $NAME……"
    rm -rf "$FOLDER" "$FOLDER.new"
    mvn -q -B -C -f "$POM" $PLUGIN:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$PWD/$FOLDER.new" </dev/null >&2 || stop "没有下载到 $NAME。请检查网络后再试。"
    (cd "$FOLDER.new" && sha256sum ./*.jar | sed 's#\./##') >"$FOLDER.new/pins.sha256"
    cmp -s "$PINS" "$FOLDER.new/pins.sha256" || stop "下载的 $NAME 与登记的校验值不符，没有使用。"
    mv "$FOLDER.new" "$FOLDER"
}

if [ "${2:-}" = --there ]; then is_there; exit; fi
is_there || {
    install_packages
    fetch
}
printf '%s\n' "$FOLDER/*"
