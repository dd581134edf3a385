"""Prove that this project can be had from nothing, in the two ways in which people get it.

First as a checkout: a clean clone, Debian's own Python, an empty HOME and so no cache, and ``make report``,
twice. Then as a wheel in a new environment outside the checkout, from the pinned list: another user, whose
HOME does not exist, makes a report, archives it, signs it, and verifies both.

What is proved is what is committed. Run it with the Python to try; it needs nothing but the standard library.
Only root can become another user, who must find the Python where every user does (/usr); else the second
part is done by the same user.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "inputs/laiyang-xuefang/2020.yaml"
PASSWORD = "测试密码 123"
"""The one of the certificates that the tests make."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NETWORK = ("PIP_CERT", "PIP_INDEX_URL", "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy")
"""What a machine may need to reach its package index; nothing else of the environment is kept."""

_AS_IN_THE_LIST = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
_PEOPLE = """
from pathlib import Path
from authority import PASSWORD, Authority
root = Authority()
Path("root.pem").write_bytes(root.root.pem)
Path("organ.p12").write_bytes(root.issue("莱阳市穴坊镇人民政府").p12())
"""


class UnprovenError(Exception):
    """Something did not come out as it should."""


def main() -> int:
    """Do both proofs, and say how long each step took."""
    with tempfile.TemporaryDirectory(prefix="reportgen-fresh-") as name:
        scratch = Path(name)
        scratch.chmod(0o755)
        (scratch / "home").mkdir()
        try:
            prove_checkout(scratch)
            prove_wheel(scratch)
        except UnprovenError as error:
            print(f"初次安装没有通过：{error}", file=sys.stderr)
            return 1
    print("初次安装：两种方式都通过。")
    return 0


@dataclass(frozen=True)
class Person:
    """Who runs commands: where, with which HOME, and as which user of the system."""

    where: Path
    home: str
    account: dict[str, Any] = field(default_factory=dict)

    def does(self, command: list[Any], told_as: str = "", **more: str) -> str:
        """Run a command without input, and return all that it printed.

        Args:
            command: its words, texts or paths.
            told_as: what it is called on the screen, if not by its words.
            more: what it finds in its environment besides the least.

        Raises:
            UnprovenError: Its exit code was not 0.
        """
        began = monotonic()
        kept = {name: os.environ[name] for name in _NETWORK if name in os.environ}
        ran = subprocess.run(
            list(map(str, command)),
            cwd=self.where,
            env={"PATH": _PATH, "LANG": "C.UTF-8", "CI": "true", "HOME": self.home} | kept | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.account,
        )
        told = str(ran.stdout)
        said = told_as or " ".join(Path(word).name for word in command)
        print(f"  {monotonic() - began:5.1f} s  {said}", flush=True)
        if ran.returncode:
            raise UnprovenError(f"{said} 的退出码是 {ran.returncode}：\n{told}")
        return told


def prove_checkout(scratch: Path) -> None:
    """A clean clone with an empty HOME makes the sample report, and has nothing to install afterwards."""
    print(f"源码：空的 HOME，{sys.executable}（Python {sys.version.split()[0]}）", flush=True)
    checkout = scratch / "checkout"
    newcomer = Person(scratch, str(scratch / "home"))
    newcomer.does(["git", "clone", "--quiet", "--no-hardlinks", ROOT, checkout])
    report = ["make", "--no-print-directory", "-C", checkout, "report", f"PYTHON={sys.executable}"]
    newcomer.does(report)
    _expect_files(checkout / "outputs", "docx", "pdf")
    told = newcomer.does(report)
    if "[准备]" in told:
        raise UnprovenError(f"第二次 make report 又装了东西：\n{told}")


def prove_wheel(scratch: Path) -> None:
    """Another user without a HOME does a year's work with a wheel that somebody installed."""
    print("wheel：另一个用户，HOME 不存在", flush=True)
    installer = Person(scratch, str(scratch / "home"))
    python = scratch / "wheel/bin/python"
    build = [scratch / "checkout/.venv/bin/python", "-m", "hatchling", "build", "-t", "wheel", "-d", scratch]
    Person(scratch / "checkout", installer.home).does(build)
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    installer.does([sys.executable, "-m", "venv", scratch / "wheel"])
    installer.does([*pip, "install", *_AS_IN_THE_LIST, "-r", scratch / "checkout/requirements.txt"])
    installer.does([*pip, "install", "--no-deps", "--no-index", *scratch.glob("*.whl")])
    installer.does([*pip, "check"])
    work = scratch / "work"
    work.mkdir()
    shutil.copy(SAMPLE, work / "2020.yaml")
    Person(work, installer.home).does(
        [python, "-c", _PEOPLE], "做证书", PYTHONPATH=str(scratch / "checkout/tests")
    )
    _work_a_year(_somebody_else(work), scratch / "wheel/bin/reportgen")


def _work_a_year(clerk: Person, reportgen: Path) -> None:
    outputs = clerk.where / "outputs"
    clerk.does([reportgen, "doctor"])
    new = ["--organ", "莱阳市穴坊镇人民政府", "--level", "乡镇政府", "--last", "2020.yaml"]
    clerk.does([reportgen, "new", "2021.yaml", "--year", "2021", *new])
    clerk.does([reportgen, "check", "2020.yaml"])
    clerk.does([reportgen, "build", "2020.yaml"])
    _expect_files(outputs, "docx", "pdf")
    clerk.does([reportgen, "archive", "2020.yaml", "--zip"])
    pdf = next(outputs.rglob("*.pdf"))
    clerk.does([reportgen, "sign", pdf, "--p12", "organ.p12"], REPORTGEN_PASSWORD=PASSWORD)
    signed = next(outputs.rglob("*（已签名）.pdf"))
    told = clerk.does([reportgen, "verify", signed, "--root", "root.pem"])
    if "莱阳市穴坊镇人民政府" not in told:
        raise UnprovenError(f"verify 没有说是谁签的：\n{told}")
    clerk.does([reportgen, "verify", next(clerk.where.rglob("*.zip"))])


def _somebody_else(work: Path) -> Person:
    """User nobody, if we may; the folder becomes theirs."""
    if os.geteuid() or not os.path.realpath(sys.executable).startswith("/usr/"):
        print("  （不是 root，或这个 Python 别的用户不能用：由同一用户做）")
        return Person(work, "/nonexistent")
    nobody = 65534
    for path in (work, *work.iterdir()):
        os.chown(path, nobody, nobody)
    return Person(work, "/nonexistent", {"user": nobody, "group": nobody, "extra_groups": []})


def _expect_files(folder: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        if not [file for file in folder.rglob(f"*.{suffix}") if file.stat().st_size > 10_000]:
            raise UnprovenError(f"{folder} 里没有生成 {suffix} 文件")


if __name__ == "__main__":
    sys.exit(main())
