"""docs/reference/ says what the code does today."""

from delivery.management import reference


def test_every_page_is_fresh() -> None:
    stale = [path.name for path, text in reference.pages().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `manage.py reference`"
