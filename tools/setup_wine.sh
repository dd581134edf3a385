#!/bin/sh
# Make Wine ready, in which the folder for Windows is proved: the programs, and a Windows with a Chinese code page.
#
# Quick when all is there. Nothing is written outside .setup/wine but Debian's own packages.
# Exit codes: 0 ready, 3 Wine is missing and cannot be installed from here, 1 it does not start.
set -eu
cd "$(dirname "$0")/.."

FOLDER=$PWD/.setup/wine

say() { printf '[准备] %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    fi
}

# "locales" has the sources of zh_CN.
missing_packages() {
    has wine || echo wine wine64
    [ -e /usr/share/i18n/locales/zh_CN ] || echo locales
}

install_them() { as_root apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"; }

install_packages() {
    # shellcheck disable=SC2046  # Names of packages hold no blanks: the splitting is meant.
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0
    has apt-get || return 1
    say "安装系统软件包：$*"
    install_them "$@" || { as_root apt-get -q update && install_them "$@"; }
}

# Wine takes its code page from the locale, and the locale has to be there.
make_locale() { localedef -i zh_CN -f UTF-8 "$FOLDER/locales/zh_CN.UTF-8" >&2; }

# Without its .NET and its browser, which it would ask for in a window.
make_windows() {
    export WINEDLLOVERRIDES='mscoree=;mshtml='
    export WINEPREFIX="$FOLDER/windows" WINEDEBUG=-all LOCPATH="$FOLDER/locales" LC_ALL=zh_CN.UTF-8
    timeout 300 wine wineboot --init </dev/null >/dev/null 2>&1 || {
        say 'Wine 装上了，却没有启动起来。'
        exit 1
    }
    wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f </dev/null >/dev/null 2>&1
    wineserver=$(command -v wineserver || ls /usr/lib/wine/wineserver64)
    "$wineserver" -w
}

[ -e "$FOLDER/ready" ] && [ -z "$(missing_packages)" ] && exit 0
install_packages || {
    say '没有装上 Wine，不能在这里证明 Windows 的压缩包。'
    exit 3
}
say '建立 Wine 里的 Windows……'
rm -rf "$FOLDER"
mkdir -p "$FOLDER/locales"
make_locale
make_windows
: >"$FOLDER/ready"
