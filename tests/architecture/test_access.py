"""Deny first, proven over the whole URL table: each URL has an access row, and each row a URL."""

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from delivery import wiring
from delivery.ground.registry import wired


def _views(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = "", app: str = ""
) -> Iterator[tuple[str, str]]:
    """(view name, app name) of all patterns below, as AccessMiddleware sees them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern.url_patterns, inner, pattern.app_name or app)
        else:
            yield f"{namespace}{pattern.name}", app


def test_every_url_has_an_access_row() -> None:
    views = list(_views(get_resolver().url_patterns))
    assert len(views) > 20
    unlisted = {name for name, app in views if name not in wired.access and f"{app}:*" not in wired.access}
    assert unlisted == set()


def test_every_access_row_has_a_url() -> None:
    views = set(_views(get_resolver().url_patterns))
    known = {name for name, _ in views} | {f"{app}:*" for _, app in views}
    assert set(wired.access) - known == set()


def test_no_url_is_listed_by_two_packages() -> None:
    names = [name for rules in wiring.ACCESS for name in rules]
    assert sorted(names) == sorted(set(names))


def test_every_projection_feeds_a_family_with_rights() -> None:
    named = set(wired.families)
    assert named == {"order", "kitchen", "print", "deliverer", "city"}
    for family in wired.families.values():
        assert callable(family.may_join)
        assert re.fullmatch(r"[a-z]+", family.name)
