#!/bin/sh
# Link the command into a folder on the PATH, and say where. Nothing that is not our link is replaced.
#
# The link leads into this folder: it works as long as the folder stays where it is.
# Usage: install.sh, with BINDIR=… for another folder than /usr/local/bin (root) or ~/.local/bin (others).
# Exit codes: 0 linked, 4 not possible there.
set -eu
cd "$(dirname "$0")/.."

COMMAND=$PWD/.venv/bin/reportgen
if [ "$(id -u)" = 0 ]; then BINDIR=${BINDIR:-/usr/local/bin}; else BINDIR=${BINDIR:-$HOME/.local/bin}; fi
LINK=$BINDIR/reportgen

stop() {
    printf '%s\n' "$*" >&2
    exit 4
}

if [ -e "$LINK" ] || [ -L "$LINK" ]; then
    case $(readlink "$LINK" || true) in
    */.venv/bin/reportgen) ;;
    *) stop "没有安装：$LINK 已经存在，而且不是 make install 建的。请先移走它，或用 make install BINDIR=… 换一个文件夹。" ;;
    esac
fi
mkdir -p "$BINDIR" 2>/dev/null && ln -sfn "$COMMAND" "$LINK" 2>/dev/null ||
    stop "没有安装：不能写 $BINDIR。请用 make install BINDIR=… 换一个文件夹。"
echo "reportgen 命令在 $LINK（指向 $COMMAND）。"
case :$PATH: in
*":$BINDIR:"*) echo "在哪个文件夹里都可以运行，例如：reportgen doctor" ;;
*)
    echo "这个文件夹还不在命令的查找路径（PATH）里。请运行下面这一行，再打开一个新的终端窗口："
    printf "    echo 'export PATH=\"%s:\$PATH\"' >> ~/.profile\n" "$BINDIR"
    ;;
esac
