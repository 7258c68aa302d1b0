"""Every column of the office's records is called something that a language has a word for."""

import pytest

from delivery.console.headings import HEADINGS, heading_of
from delivery.console.pages import PAGES, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model.__name__)
def test_no_column_is_called_like_its_field(page: Page) -> None:
    fields = [page.model._meta.get_field(name) for name in page.columns.split()]
    unnamed = [field.name for field in fields if not field._verbose_name and field.name not in HEADINGS]  # type: ignore[union-attr]  # of every model field
    assert unnamed == []
    assert all(str(heading_of(field)) for field in fields)


def test_no_heading_is_kept_for_nothing() -> None:
    said = {name for page in PAGES for name in page.columns.split()}
    assert set(HEADINGS) <= said
