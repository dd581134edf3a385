#!/bin/sh
# Fetch veraPDF, the independent judge of PDF/A, into .setup. Only make archive-proof needs it.
#
# Quick when it is there. Exit codes: 0 ready, 3 something is missing and cannot be installed from here.
set -eu
cd "$(dirname "$0")/.."

VERSION=1.28.2
SHA256=687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6
FOLDER=.setup/verapdf
JAR=$FOLDER/greenfield-apps-$VERSION.jar
PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:2.8

say() { printf '[准备] %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 3
}

has() { command -v "$1" >/dev/null 2>&1; }

missing_packages() {
    has java || echo default-jre-headless
    [ -s $JAR ] || has mvn || echo maven
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

# Maven compares the file with the checksum that comes with it (-C: or fails), and we with the one above.
fetch() {
    say "下载 veraPDF $VERSION（约 10 MB）……"
    mkdir -p $FOLDER/new
    mvn -q -B -C $PLUGIN:copy -Dartifact=org.verapdf.apps:greenfield-apps:$VERSION \
        -DoutputDirectory="$PWD/$FOLDER/new" </dev/null >&2 || stop '没有下载到 veraPDF。请检查网络后再试。'
    printf '%s  %s\n' $SHA256 "$FOLDER/new/greenfield-apps-$VERSION.jar" | sha256sum -c - >/dev/null 2>&1 ||
        stop '下载的 veraPDF 与登记的校验值不符，没有使用。'
    mv "$FOLDER/new/greenfield-apps-$VERSION.jar" $JAR
    rm -rf $FOLDER/new
}

install_packages
[ -s $JAR ] || fetch
printf '%s\n' "$JAR"
