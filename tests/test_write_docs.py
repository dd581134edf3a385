import rule_cases
import write_docs
from reportgen.checks import rules_for
from reportgen.problems import Exit


def test_the_generated_pages_are_fresh() -> None:
    assert write_docs.main(["--check"]) == 0, "run: make docs"


def test_the_rule_book_has_every_rule() -> None:
    book = next(text for path, text in write_docs.pages().items() if path.name == "rules.md")
    for form in rule_cases.forms():
        for rule in rules_for(form):
            assert f'### <a id="{rule.code.lower()}"></a>{rule.code} {rule.title}\n' in book


def test_every_exit_code_has_its_words() -> None:
    assert set(write_docs.EXITS) == set(Exit)


def test_fault_codes_are_found_wherever_their_tables_are() -> None:
    codes = write_docs.fault_codes()
    assert {"F01", "X99"} <= codes.keys()
    assert all(codes.values())
