"""``seal-place``, ``sign`` and ``verify`` as a clerk uses them."""

import io
import json
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from authority import PASSWORD, Authority, Issued, state_server
from made import ZEROS, text_of
from reportgen.cli import main
from reportgen.problems import Exit
from seals import seal_svg
from tampering import CHANGES
from test_signing import ORGAN, with_note

pytestmark = pytest.mark.office

WRONG = ZEROS.replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}\n  予以公开: {自然人: 4}")
SCREEN = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def organ(authority: Authority) -> Issued:
    return authority.issue("甲县乙镇人民政府")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Builds a report and gives its PDF."""

    def build(text: str, *options: str) -> Path:
        folder = tmp_path_factory.mktemp("built")
        (folder / "2023.yaml").write_text(text, "utf-8")
        main(["build", str(folder / "2023.yaml"), "--out", str(folder / "out"), *options])
        return next((folder / "out").rglob("*.pdf"))

    return build


@pytest.fixture(scope="module")
def clean(built: Callable[..., Path]) -> Path:
    return built(text_of())


@pytest.fixture
def pdf(clean: Path, tmp_path: Path) -> Path:
    """A final PDF with its manifest, in a folder of the test's own."""
    for path in clean.parent.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / clean.name


@pytest.fixture
def key(organ: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The organ's key file, its password in the environment."""
    monkeypatch.setenv("REPORTGEN_PASSWORD", PASSWORD)
    (tmp_path / "organ.p12").write_bytes(organ.p12())
    return tmp_path / "organ.p12"


@pytest.fixture
def root(authority: Authority, tmp_path: Path) -> Path:
    """The root certificate."""
    (tmp_path / "root.pem").write_bytes(authority.root.pem)
    return tmp_path / "root.pem"


def run(*words: str | Path) -> int:
    """The exit code of a command."""
    return main([str(word) for word in words])


def signed(pdf: Path) -> Path:
    """Where the signed PDF goes."""
    return pdf.with_stem(pdf.stem + "（已签名）")


def refused(screen: SCREEN, *words: str | Path) -> str:
    """The one sentence with which signing is refused; no file was touched, and none made."""
    folder = Path(words[0]).parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert run("sign", *words) == Exit.SIGNING
    said = screen.readouterr()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    return said.err


def test_sign_then_verify(pdf: Path, key: Path, root: Path, capsys: SCREEN) -> None:
    before = pdf.read_bytes()
    assert run("sign", pdf, "--p12", key) == Exit.OK
    assert pdf.read_bytes() == before
    assert signed(pdf).read_bytes().startswith(before)
    assert run("verify", signed(pdf), "--root", root) == Exit.OK
    said = capsys.readouterr().out
    assert "有效  签名  甲县乙镇人民政府" in said
    assert "由给出的根证书证明" in said
    assert "没有任何改动" in said


def test_verify_gives_json(pdf: Path, key: Path, root: Path, capsys: SCREEN) -> None:
    run("sign", pdf, "--p12", key)
    capsys.readouterr()
    assert run("verify", signed(pdf), "--json") == Exit.UNCHECKED
    told = json.loads(capsys.readouterr().out)
    (signature,) = told["signatures"]
    assert (told["state"], told["good"], signature["state"]) == ("whole", False, "whole")
    assert (signature["later"], signature["trusted"], signature["revocation"]) == ("nothing", None, "unasked")
    assert (signature["signer"], told["organ"]) == ("甲县乙镇人民政府", "甲县乙镇人民政府")
    assert run("verify", signed(pdf), "--root", root, "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["good"], told["signatures"][0]["trusted"]) == ("valid", True, True)


def test_verify_tells_what_was_added_after_signing(pdf: Path, key: Path, root: Path, capsys: SCREEN) -> None:
    run("sign", pdf, "--p12", key)
    cover = CHANGES["an unsigned field with a white picture over the page"].make
    signed(pdf).write_bytes(cover(signed(pdf).read_bytes()))
    capsys.readouterr()
    assert run("verify", signed(pdf), "--root", root) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert said.splitlines()[0].endswith("  无效")
    assert "第 1 页加了没有有效签名的签名域" in said and "第 1 页与签名时不同" in said


def test_without_a_root_verify_says_that_nobody_vouches(pdf: Path, key: Path, capsys: SCREEN) -> None:
    key.write_bytes(Authority(ORGAN).issue(ORGAN).p12())  # made by oneself
    run("sign", pdf, "--p12", key)
    capsys.readouterr()
    assert run("verify", signed(pdf)) == Exit.UNCHECKED
    said = capsys.readouterr().out
    assert said.splitlines()[0].endswith("  内容完好，身份未核对")
    assert "有效  签名" not in said


def test_a_certificate_of_another_authority_is_not_valid(
    pdf: Path, key: Path, root: Path, capsys: SCREEN
) -> None:
    key.write_bytes(Authority(ORGAN).issue(ORGAN).p12())
    run("sign", pdf, "--p12", key)
    assert run("verify", signed(pdf), "--root", root) == Exit.FINDINGS
    assert "证书不是由给出的根证书签发的" in capsys.readouterr().out


def test_roots_are_taken_from_the_administrators_folder(
    pdf: Path, key: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    run("sign", pdf, "--p12", key)
    folder = pdf.parent / "roots"
    folder.mkdir()
    (folder / "读我.txt").write_text("no certificate")
    monkeypatch.setenv("REPORTGEN_ROOTS", str(folder))
    assert run("verify", signed(pdf)) == Exit.UNCHECKED
    root.rename(folder / "root.pem")
    assert run("verify", signed(pdf)) == Exit.OK
    (folder / "other.cer").write_bytes(b"hello")
    capsys.readouterr()
    assert run("verify", signed(pdf)) == Exit.FILE
    said = capsys.readouterr().err
    assert str(folder / "other.cer") in said and "不是证书" in said


def test_a_named_folder_of_roots_must_be_there(
    pdf: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    run("sign", pdf, "--p12", key)
    monkeypatch.setenv("REPORTGEN_ROOTS", str(pdf.parent / "gone"))
    assert run("verify", signed(pdf)) == Exit.FILE
    assert "根证书文件夹" in capsys.readouterr().err


def test_a_signer_who_is_not_the_organ_is_told_by_both(
    pdf: Path, key: Path, root: Path, authority: Authority, capsys: SCREEN
) -> None:
    key.write_bytes(authority.issue("丙县丁镇人民政府").p12())
    assert run("sign", pdf, "--p12", key) == Exit.OK
    told = "证书上的名字是“丙县丁镇人民政府”，年报的机关是“甲县乙镇人民政府”，两者不同"
    assert f"注意：{told}" in capsys.readouterr().out
    assert run("verify", signed(pdf), "--root", root) == Exit.OK
    assert f"注意：{told}" in capsys.readouterr().out
    assert run("verify", signed(pdf), "--root", root, "--json") == Exit.OK
    assert told in json.loads(capsys.readouterr().out)["signatures"][0]["remark"]


def test_whether_it_was_revoked_is_checked_when_asked_and_else_said_to_be_unchecked(
    pdf: Path, key: Path, root: Path, authority: Authority, capsys: SCREEN
) -> None:
    organ = authority.issue(ORGAN)
    key.write_bytes(organ.p12())
    run("sign", pdf, "--p12", key)
    capsys.readouterr()
    crl = pdf.with_name("list.crl")
    for content, code, words in (
        (None, Exit.OK, "没有核对证书是否已被吊销"),
        (authority.revocation_list(), Exit.OK, "已核对，证书没有被吊销"),
        (authority.revocation_list(organ), Exit.FINDINGS, "证书已被吊销"),
        (Authority("别的机构").revocation_list(), Exit.UNCHECKED, "没有核对上证书是否已被吊销"),
        (b"hello", Exit.FILE, "不是吊销列表"),
    ):
        crl.write_bytes(content or b"")
        options: list[str | Path] = ["--crl", crl] if content else []
        assert run("verify", signed(pdf), "--root", root, *options) == code, words
        told = capsys.readouterr()
        assert words in told.out + told.err
    assert run("verify", signed(pdf), "--crl", crl) == Exit.USAGE


def test_the_state_of_a_certificate_is_fetched_only_when_asked(
    pdf: Path, key: Path, tmp_path: Path, capsys: SCREEN
) -> None:
    authority = Authority()
    (tmp_path / "root.pem").write_bytes(authority.root.pem)
    with state_server(authority) as (address, revoked):
        authority.responder = address
        organ = authority.issue(ORGAN)
        key.write_bytes(organ.p12())
        run("sign", pdf, "--p12", key)
        words: list[str | Path] = ["verify", signed(pdf), "--root", tmp_path / "root.pem"]
        capsys.readouterr()
        assert run(*words, "--fetch-proofs") == Exit.OK
        assert "已核对，证书没有被吊销" in capsys.readouterr().out
        revoked.add(organ.certificate.serial_number)
        assert run(*words) == Exit.OK
        assert "没有核对证书是否已被吊销" in capsys.readouterr().out
        assert run(*words, "--fetch-proofs") == Exit.FINDINGS
        assert "证书已被吊销" in capsys.readouterr().out
    assert run(*words, "--fetch-proofs") == Exit.UNCHECKED  # nobody answers any more
    assert "没有核对上证书是否已被吊销" in capsys.readouterr().out


def test_verify_says_that_a_changed_file_is_not_valid(pdf: Path, key: Path, capsys: SCREEN) -> None:
    run("sign", pdf, "--p12", key)
    content = bytearray(signed(pdf).read_bytes())
    content[5000] ^= 1
    signed(pdf).write_bytes(content)
    assert run("verify", signed(pdf)) == Exit.FINDINGS
    assert "被改动过" in capsys.readouterr().out


def test_verify_says_that_nobody_signed(pdf: Path, capsys: SCREEN) -> None:
    assert run("verify", pdf) == Exit.FINDINGS
    assert "没有签名" in capsys.readouterr().err
    assert run("verify", pdf, "--json") == Exit.FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["good"]) == ("unsigned", False)


def test_leader_and_organ_sign_one_after_the_other(
    pdf: Path, key: Path, root: Path, authority: Authority, capsys: SCREEN
) -> None:
    tmp_path = pdf.parent
    (tmp_path / "leader.p12").write_bytes(authority.issue("李镇长").p12())
    assert run("sign", pdf, "--p12", tmp_path / "leader.p12", "--hidden") == Exit.OK
    once = signed(pdf).read_bytes()
    assert run("sign", signed(pdf), "--p12", key) == Exit.OK
    assert signed(pdf).read_bytes().startswith(once)
    capsys.readouterr()
    assert run("verify", signed(pdf), "--root", root) == Exit.OK
    said = capsys.readouterr().out
    assert said.index("签名  李镇长") < said.index("签名  甲县乙镇人民政府")


def test_what_is_signed_is_a_pdf_and_is_called_so(pdf: Path, key: Path, capsys: SCREEN) -> None:
    out = pdf.with_name("签.docx")
    assert run("sign", pdf, "--p12", key, "--out", out) == Exit.USAGE
    assert ".pdf" in capsys.readouterr().err
    assert not out.exists()


def test_a_draft_is_refused(built: Callable[..., Path], key: Path, capsys: SCREEN) -> None:
    draft = built(text_of(tables=WRONG), "--draft")
    capsys.readouterr()
    assert "草稿" in refused(capsys, draft, "--p12", key)
    assert "草稿" in refused(capsys, draft, "--p12", key, "--no-manifest")


def test_a_pdf_with_errors_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    manifest = json.loads((pdf.parent / "manifest.json").read_bytes())
    manifest["findings"]["error"] = 2
    (pdf.parent / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert "还有 2 个错误" in refused(capsys, pdf, "--p12", key)


def test_a_pdf_changed_since_it_was_made_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    pdf.write_bytes(pdf.read_bytes() + b"% a remark\n")
    assert "生成之后被修改过" in refused(capsys, pdf, "--p12", key)
    assert not signed(pdf).exists()


def test_an_update_that_is_no_signature_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    pdf.write_bytes(with_note(pdf.read_bytes()))
    assert "生成之后被修改过" in refused(capsys, pdf, "--p12", key)


def test_an_update_hidden_below_a_signature_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    pdf.write_bytes(with_note(pdf.read_bytes()))
    assert run("sign", pdf, "--p12", key, "--no-manifest") == Exit.OK
    capsys.readouterr()
    assert "生成之后被修改过" in refused(capsys, signed(pdf), "--p12", key, "--hidden")


def with_lang(pdf: bytes, language: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.Lang = pikepdf.String(language)
        document.save(out)
    return out.getvalue()


def test_a_pdf_that_the_manifest_does_not_know_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    other = pdf.with_name("other.pdf")
    other.write_bytes(with_lang(pdf.read_bytes(), "zh-TW"))
    assert "manifest.json 里没有 other.pdf" in refused(capsys, other, "--p12", key)


def test_a_renamed_pdf_is_known_by_its_bytes(pdf: Path, key: Path) -> None:
    assert run("sign", pdf.rename(pdf.with_name("年报.pdf")), "--p12", key) == Exit.OK


@pytest.mark.parametrize("manifest", [None, "{", "[]", "{}"])
def test_without_a_manifest_a_pdf_is_refused_unless_told(
    pdf: Path, key: Path, manifest: str | None, capsys: SCREEN
) -> None:
    (pdf.parent / "manifest.json").unlink()
    if manifest is not None:
        (pdf.parent / "manifest.json").write_text(manifest)
    assert "manifest.json" in refused(capsys, pdf, "--p12", key)
    assert run("sign", pdf, "--p12", key, "--no-manifest") == Exit.OK


def test_a_wrong_password_is_refused(
    pdf: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.setenv("REPORTGEN_PASSWORD", "wrong")
    assert "密码不对" in refused(capsys, pdf, "--p12", key)


def test_an_expired_certificate_is_refused(
    pdf: Path, key: Path, authority: Authority, capsys: SCREEN
) -> None:
    key.write_bytes(authority.issue(ORGAN, days=(-400, -30)).p12())
    assert "过期" in refused(capsys, pdf, "--p12", key)


def test_without_its_time_stamp_server_nothing_is_signed(pdf: Path, key: Path, capsys: SCREEN) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    assert address in refused(capsys, pdf, "--p12", key, "--timestamp", address)


def test_a_pdf_that_another_program_signed_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    other = SimpleSigner.load_pkcs12_data(key.read_bytes(), (), PASSWORD.encode())
    there = IncrementalPdfFileWriter(io.BytesIO(pdf.read_bytes()))
    pdf.write_bytes(sign_pdf(there, PdfSignatureMetadata(field_name="Seal"), signer=other).getvalue())
    assert "已由" in refused(capsys, pdf, "--p12", key, "--no-manifest")


def test_a_seal_that_cannot_be_drawn_is_refused(pdf: Path, key: Path, capsys: SCREEN) -> None:
    picture = pdf.with_name("印章.svg")
    picture.write_bytes(seal_svg("<text>章</text>"))
    assert "文字转曲" in refused(capsys, pdf, "--p12", key, "--picture", picture)
    picture.write_bytes(seal_svg())
    assert run("sign", pdf, "--p12", key, "--picture", picture) == Exit.OK


def test_without_a_screen_the_password_comes_from_the_environment(
    pdf: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.delenv("REPORTGEN_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert "REPORTGEN_PASSWORD" in refused(capsys, pdf, "--p12", key)


def test_the_password_is_no_argument(pdf: Path, key: Path) -> None:
    assert run("sign", pdf, "--p12", key, "--password", PASSWORD) == Exit.USAGE


def test_file_or_token_but_not_both(pdf: Path, key: Path) -> None:
    assert run("sign", pdf) == Exit.USAGE
    assert run("sign", pdf, "--p12", key, "--pkcs11", "token.so") == Exit.USAGE
    assert run("sign", pdf, "--p12", key, "--crl", "list.crl") == Exit.USAGE
    assert run("sign", pdf, "--p12", key, "--fetch-proofs") == Exit.USAGE


def test_another_file_is_never_overwritten(pdf: Path, key: Path, capsys: SCREEN) -> None:
    signed(pdf).write_bytes(b"mine")
    assert run("sign", pdf, "--p12", key) == Exit.FILE
    assert "已经存在" in capsys.readouterr().err
    assert signed(pdf).read_bytes() == b"mine"


def test_a_second_signature_goes_into_the_signed_file_and_that_is_said(
    pdf: Path, key: Path, capsys: SCREEN
) -> None:
    run("sign", pdf, "--p12", key, "--hidden")
    assert "已签名" in capsys.readouterr().out.splitlines()[0]
    assert run("sign", signed(pdf), "--p12", key) == Exit.OK
    assert "原文件上再加了一个签名" in capsys.readouterr().out


def test_an_unsigned_original_is_never_replaced(pdf: Path, key: Path, capsys: SCREEN) -> None:
    before = pdf.read_bytes()
    assert run("sign", pdf, "--p12", key, "--out", pdf) == Exit.FILE
    assert "还没有签过名，没有覆盖" in capsys.readouterr().err
    renamed = pdf.rename(signed(pdf))
    assert run("sign", renamed, "--p12", key) == Exit.FILE
    assert renamed.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_told(pdf: Path, key: Path, capsys: SCREEN) -> None:
    assert run("sign", pdf, "--p12", key, "--out", "/proc/signed.pdf") == Exit.FILE
    said = capsys.readouterr().err
    assert "写不了文件 /proc/signed.pdf" in said
    assert len(said.splitlines()) == 1


def test_a_full_disk_is_told_and_leaves_nothing(pdf: Path, key: Path) -> None:
    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    before = {path: path.read_bytes() for path in pdf.parent.iterdir()}
    command = [sys.executable, "-m", "reportgen", "sign", str(pdf), "--p12", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=narrow)
    assert done.returncode == Exit.FILE
    assert "写不了文件" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in pdf.parent.iterdir()} == before


def test_seal_place_tells_the_place_and_draws_it(pdf: Path, tmp_path: Path, capsys: SCREEN) -> None:
    assert run("seal-place", pdf, "--out", tmp_path / "circle.png") == Exit.OK
    assert "直径 42 mm" in capsys.readouterr().out
    with Image.open(tmp_path / "circle.png") as image:
        assert image.width / image.height == pytest.approx(210 / 297, abs=0.01)


def test_seal_place_shows_the_circle_that_the_field_was_made_for(
    built: Callable[..., Path], capsys: SCREEN
) -> None:
    pdf = built(text_of().replace("级别: 乡镇政府", "级别: 县级政府"))
    assert run("seal-place", pdf) == Exit.OK
    assert "直径 45 mm" in capsys.readouterr().out
    assert run("seal-place", pdf, "--diameter", "42") == Exit.OK
    assert "直径 42 mm" in capsys.readouterr().out


def test_seal_place_says_what_is_missing(pdf: Path, capsys: SCREEN) -> None:
    assert run("seal-place", pdf, "--organ", "另一个机关") == Exit.FINDINGS
    assert "S01" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nope.pdf", "truncated.pdf", "no.zip", "folder"])
def test_what_cannot_be_verified_is_told_as_json_too(name: str, tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "truncated.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    (tmp_path / "no.zip").write_bytes(b"PK")
    (tmp_path / "folder").mkdir()
    assert run("verify", tmp_path / name, "--json") == Exit.FILE
    told, errors = capsys.readouterr()
    assert errors == ""
    said = json.loads(told)
    assert said["file"] == str(tmp_path / name) and said["good"] is False
    [failure] = said["failures"]
    assert run("verify", tmp_path / name) == Exit.FILE
    assert capsys.readouterr().err == f"{failure}\n"


def test_a_link_that_leads_nowhere_is_not_replaced_by_the_signed_pdf(
    pdf: Path, key: Path, capsys: SCREEN
) -> None:
    out = pdf.with_name("out.pdf")
    out.symlink_to(pdf.with_name("gone.pdf"))
    assert run("sign", pdf, "--p12", key, "--out", out) == Exit.FILE
    assert "已经存在" in capsys.readouterr().err and out.is_symlink()


def test_seal_place_replaces_no_file_and_draws_pictures_only(pdf: Path, capsys: SCREEN) -> None:
    before = pdf.read_bytes()
    assert run("seal-place", pdf, "--out", pdf) == Exit.USAGE
    assert ".png" in capsys.readouterr().err
    mine = pdf.with_name("mine.png")
    mine.write_bytes(b"mine")
    assert run("seal-place", pdf, "--out", mine) == Exit.FILE
    said = capsys.readouterr()
    assert "已经存在" in said.err and said.out == ""
    assert (mine.read_bytes(), pdf.read_bytes()) == (b"mine", before)


def test_seal_place_says_that_a_draft_is_not_to_be_stamped(
    built: Callable[..., Path], pdf: Path, capsys: SCREEN
) -> None:
    draft = built(text_of(tables=WRONG), "--draft")
    capsys.readouterr()
    run("seal-place", draft)
    assert "这是草稿，不能盖章" in capsys.readouterr().out
    run("seal-place", pdf)
    assert "草稿" not in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["4.2", "4.2cm", "-42", "420", "４２"])
def test_a_diameter_is_told_in_millimetres(typed: str, capsys: SCREEN) -> None:
    assert run("seal-place", "a.pdf", f"--diameter={typed}") == Exit.USAGE
    said = capsys.readouterr().err
    assert "毫米" in said and "42" in said and "argument" not in said
