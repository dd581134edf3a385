"""The linter of browser features: what is newer than offices' browsers is told, all that is used is known."""

import pytest

from browser_features import OLDEST, complaints, table, uses, uses_of_script, uses_of_style, uses_of_template


def test_the_page_asks_for_nothing_newer_than_the_oldest_browsers() -> None:
    assert complaints(uses(), table()) == []


def test_the_table_has_versions_and_what_is_newer_says_why_it_does_no_harm() -> None:
    known = table()
    optional = known.pop("optional")
    known.pop("old")
    newer = {
        name
        for names in known.values()
        for name, (chromium, firefox) in names.items()
        if chromium > OLDEST["Chromium"] or firefox > OLDEST["Firefox"]
    }
    assert newer == set(optional)


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("[1].toSorted();", "toSorted"),
        ("document.startViewTransition();", "startViewTransition"),
        ("const a = structuredClone({});", "structuredClone"),
        ("const a = window.b?.c;", "optional chaining"),
        ("let a = 1; a ??= 2;", "logical assignment"),
        ("class A { #b = 1; }", "syntax"),
        ("/a/v.test('a');", "regular expression flag"),
        ("const a = document.activeElement.popover;", "popover"),
        ("new ClipboardItem({});", "ClipboardItem"),
        ("document.createElement('selectedcontent');", "selectedcontent"),
        ("document.addEventListener('scrollend', alert);", "scrollend"),
        ("fetch('/', { priority: 'high' });", "priority"),
    ],
)
def test_a_newer_feature_of_scripts_is_told(script: str, named: str) -> None:
    [*said] = complaints(uses_of_script(script, "a.js", frozenset({"b"})), table())
    assert any(named in each and each.startswith("a.js:1: ") for each in said), said


@pytest.mark.parametrize(
    ("style", "named"),
    [
        ("a:has(b) { color: red; }", "selector has"),
        ("@container (min-width: 1px) { a { top: 0; } }", "at-rule container"),
        ("@layer x { a { top: 0; } }", "at-rule layer"),
        ("a { width: 100dvh; }", "unit dvh"),
        ("a { color: oklch(1 0 0); }", "function oklch"),
        ("a { text-wrap: balance; }", "property text-wrap"),
        ("a { & b { top: 0; } }", "within a rule"),
        ("a { display: contents; }", "value contents"),
        ("@media (prefers-reduced-transparency: reduce) { a { top: 0; } }", "prefers-reduced-transparency"),
    ],
)
def test_a_newer_feature_of_styles_is_told(style: str, named: str) -> None:
    said = complaints(uses_of_style(style, "a.css"), table())
    assert any(named in each for each in said), said


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("<p>\n<search>", "a.html:2: element search"),
        ('<div popover="auto">', "attribute popover"),
        ('<details name="one">', ""),
    ],
)
def test_a_newer_feature_of_templates_is_told(template: str, named: str) -> None:
    said = complaints(uses_of_template(template, "a.html"), table())
    assert any(named in each for each in said) if named else said == []


def test_a_version_that_is_too_new_is_told_with_the_browser() -> None:
    known = {"old": {}, "property": {"a": [109, 102], "b": [108, 103], "c": [108, 102]}}
    said = complaints(iter(uses_of_style("x { a: 0; b: 0; c: 0; }", "a.css")), known)
    assert said == ["a.css:1: property a came with Chromium 109", "a.css:1: property b came with Firefox 103"]
