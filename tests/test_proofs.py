"""The short form of every proof holds, and the page of the long ones tells of each."""

from datetime import date
from pathlib import Path

import pytest

import prove
from proofs import Proof, Tried, proofs

PROOFS = {proof.name: proof for proof in proofs()}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROOFS)
def test_the_short_form_holds(name: str, tmp_path: Path) -> None:
    tried = PROOFS[name].run(False, tmp_path)
    assert tried.faults == ()
    assert sum(tried.figures.values()) >= LEAST.get(name, 1)


LEAST = {
    **{"disturbed": 29, "hostile": 1000, "kills": 100, "made_up": 40, "old_files": 4, "one_digest": 4},
    **{"sudden": 6, "workbooks": 24},
}
"""What the short form of each tries at least; one thing where nothing is said."""


def test_a_proof_is_a_module_of_its_name() -> None:
    assert set(LEAST) <= set(PROOFS)
    assert all(proof.claim.endswith(".") for proof in PROOFS.values())


def test_the_page_tells_what_was_tried_and_what_failed() -> None:
    proof = Proof("some", "Something holds.", lambda _long, _folder: Tried({}, ()))
    tried = Tried({"files": 1234}, ("a.yaml: told nothing",))
    told = prove.page([(proof, tried, 61.2)], date(2026, 11, 29), "a machine")
    assert "2026-11-29, a machine." in told
    assert (
        "## some\n\nSomething holds.\n\n- 1,234 files\n- 1 faults, 61 s\n  - `a.yaml: told nothing`" in told
    )


def test_a_fault_ends_with_one_and_short_forms_write_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    failing = Proof("some", "Something holds.", lambda _long, _folder: Tried({"files": 1}, ("a.yaml",)))
    monkeypatch.setattr(prove, "proofs", lambda: (failing,))
    monkeypatch.setattr(prove, "PAGE", tmp_path / "proofs.md")
    assert prove.main(["--short"]) == 1
    assert "FAULT a.yaml" in capsys.readouterr().out
    assert not prove.PAGE.exists()
    assert prove.main([]) == 1
    assert "a.yaml" in prove.PAGE.read_text("utf-8")
