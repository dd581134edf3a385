"""What the tests of this repository understand besides pytest's own options."""

import pytest

# Their assertions tell what differs, as those of the tests do.
pytest.register_assert_rewrite("clerks", "found")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person rewrite the expected outputs, to read the difference with git afterwards."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected outputs in tests/golden instead of comparing with them",
    )
