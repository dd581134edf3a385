#!/bin/sh
# Make this folder ready for work: programs, fonts, and .venv with exactly the pinned packages.
#
# Runs before every make target, so finding everything in place must cost next to nothing: files are
# looked for by their paths, and no package manager is asked unless something is missing.
# Usage: setup.sh [reports|tests]: what to be ready for; tests need a few judges more.
# Exit codes: 0 ready, 3 something is missing and cannot be installed from here.
set -eu
cd "$(dirname "$0")/.."

PURPOSE=${1:-reports}
PYTHON=${PYTHON:-python3}
FONTS=.venv/fonts
UNFINISHED=.venv/unfinished

say() { printf '[准备] %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 3
}

has() { command -v "$1" >/dev/null 2>&1; }

# ── what is there ───────────────────────────────────────────────────────────────────────────────────

# The program finds its fonts itself; the files that it found last are listed, one a line.
has_fonts() {
    [ -s $FONTS ] || return 1
    while read -r font; do [ -s "$font" ] || return 1; done <$FONTS
}

has_nu() { [ "$PURPOSE" = reports ] || sh tools/setup_judge.sh nu --there; }

# LibreOffice knows its modules by these files.
has_calc() {
    for library in /usr/lib/libreoffice/program/libsclo.so /opt/libreoffice*/program/libsclo.so; do
        [ -e "$library" ] && return
    done
    return 1
}

# Independent judges of what we make: readers of pages, workbooks and signatures, a token, the checker of HTML.
missing_for_tests() {
    has_calc || echo libreoffice-calc-nogui
    has pdftoppm && has pdfsig || echo poppler-utils
    has certutil || echo libnss3-tools
    has softhsm2-util || echo softhsm2
    has java || echo default-jre-headless
    has chromium || echo chromium
    has_nu || has mvn || echo maven
}

# LibreOffice works a sixth faster with it.
has_jemalloc() {
    for library in /usr/lib/*/libjemalloc.so.2; do [ -e "$library" ] && return; done
    return 1
}

missing_packages() {
    has soffice || has libreoffice || echo libreoffice-writer-nogui
    has fc-match || echo fontconfig
    has_jemalloc || echo libjemalloc2
    [ "$PURPOSE" = reports ] || missing_for_tests
    # A finished environment has its pip; only to make one is ensurepip needed.
    [ -e .venv/requirements.stamp ] || "$PYTHON" -c 'import ensurepip' 2>/dev/null || echo python3-venv
}

# The complete lists of packages to install, by their names without ".txt".
lists() {
    echo requirements
    [ "$PURPOSE" = reports ] || echo requirements-tests
}

# What .venv must have been made for: these pins, this project file, this place on the disk.
wanted_stamp() { { cat "$1.txt" pyproject.toml tools/setup.sh && pwd; } | cksum; }

has_list() { [ -r ".venv/$1.stamp" ] && [ "$(cat ".venv/$1.stamp")" = "$(wanted_stamp "$1")" ]; }

has_environment() {
    [ ! -e $UNFINISHED ] && [ -x .venv/bin/python ] && [ -x .venv/bin/reportgen ] || return 1
    for list in $(lists); do has_list "$list" || return 1; done
}

is_ready() { [ -z "$(missing_packages)" ] && has_nu && has_environment && has_fonts; }

# ── programs ────────────────────────────────────────────────────────────────────────────────────────

# Succeeds if we may act as root, and then sets SUDO to what has to stand before the command.
may_be_root() {
    SUDO=
    [ "$(id -u)" = 0 ] && return
    has sudo || return 1
    SUDO='sudo -n'
    sudo -n true 2>/dev/null && return
    # Only a person can type a password.
    SUDO=sudo
    [ -z "${CI:-}" ] && [ -t 0 ] && [ -t 2 ] && say '安装系统软件需要管理员权限，请输入密码。' && sudo -v
}

as_root() { $SUDO env DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }

# Another apt may be at work (up to ten minutes), and networks fail now and then.
apt() { as_root apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" >&2; }

knows() { apt-cache show --no-all-versions "$@" >/dev/null 2>&1; }

update_lists() {
    say '更新软件包清单……'
    apt update || { sleep 5 && apt update; } || { sleep 20 && apt update; }
}

ask_administrator() {
    say "还缺少这些系统软件包：$*"
    say '这里没有管理员权限，请管理员执行：'
    say "    apt-get update && apt-get install --no-install-recommends $*"
    exit 3
}

install_packages() {
    # shellcheck disable=SC2046  # Names of packages hold no blanks: the splitting is meant.
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0
    may_be_root || {
        ask_administrator "$@"
        return
    }
    say "安装系统软件包：$*"
    knows "$@" || update_lists || true
    apt install -y --no-install-recommends "$@" && return
    # Old lists name files that the mirror has replaced since.
    update_lists || true
    apt install -y --no-install-recommends "$@" || stop "没有装上：$*。请检查网络后再试。"
}

# ── Python ──────────────────────────────────────────────────────────────────────────────────────────

check_python() {
    has "$PYTHON" || stop "没有找到 $PYTHON。请先安装 Python 3.11 或更新的版本。"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "需要 Python 3.11 或更新的版本，而 $PYTHON 是 $("$PYTHON" -V 2>&1)。可用 make PYTHON=… 指定另一个。"
}

pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input "$@" </dev/null >&2
}

# An environment whose making or filling was interrupted is made anew: pip cannot tell a package that
# was half written from a whole one. A whole one of other pins is brought up to date, if that comes out right.
install_environment() {
    has_environment && return
    if [ -e $UNFINISHED ] || ! pip --version >/dev/null 2>&1; then
        make_environment
        fill_environment
    else
        : >$UNFINISHED
        fill_environment || {
            make_environment
            fill_environment
        }
    fi || stop '没有装上 Python 软件包。请检查网络后再试。'
    for list in $(lists); do wanted_stamp "$list" >".venv/$list.stamp"; done
    rm -f $UNFINISHED
}

make_environment() {
    say "建立 Python 环境 .venv（$("$PYTHON" -V 2>&1)）……"
    mkdir -p .venv
    : >$UNFINISHED
    "$PYTHON" -m venv --clear .venv || stop '没有建成 .venv。'
    : >$UNFINISHED
}

# The lists are complete, and each package has a wheel: nothing is resolved and nothing of others is built, so
# no newer package can change what is installed. Our own build tool is in the first list.
fill_environment() {
    for list in $(lists); do
        has_list "$list" && continue
        say "安装 Python 软件包（版本和校验值见 $list.txt）……"
        pip install --quiet --no-deps --require-hashes --only-binary :all: -r "$list.txt" || return 1
    done
    pip install --quiet --no-deps --no-build-isolation --no-index -e . || return 1
    told=$(pip check 2>&1) || {
        say "$told"
        return 1
    }
}

# ── fonts ───────────────────────────────────────────────────────────────────────────────────────────

install_fonts() {
    has_fonts && return
    .venv/bin/reportgen doctor --fix >&2 || stop '生成 PDF 要用的还不齐，见上。'
    .venv/bin/python -c 'from reportgen.makers.pdf_libreoffice import profile; print(*profile.font_files(), sep="\n")' >$FONTS
}

# ── elsewhere than Debian ───────────────────────────────────────────────────────────────────────────

tell_others() {
    say '这里没有 apt-get，系统软件要自己安装：'
    say '  程序：LibreOffice Writer（soffice）、fontconfig（fc-match）、测试另用 poppler、libnss3-tools、softhsm2 和 Java'
    has soffice || has libreoffice || stop '没有找到 soffice。装好 LibreOffice 后再试。'
}

# ── order ───────────────────────────────────────────────────────────────────────────────────────────

if is_ready; then exit 0; fi

# Two makes at a time: the second waits, and then finds the work done.
if has flock && [ -z "${REPORTGEN_LOCKED:-}" ]; then
    mkdir -p .setup
    REPORTGEN_LOCKED=1 exec flock .setup/lock sh tools/setup.sh "$PURPOSE"
fi

check_python
if has apt-get; then
    install_packages
else
    tell_others
fi
has_nu || sh tools/setup_judge.sh nu >/dev/null
install_environment
install_fonts
say '准备好了。'
