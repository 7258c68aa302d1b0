"""The measures that all screens are held to find what is planted."""

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.targets import too_small
from tests.browser.zoom import broken_layout, zoomed

FRAME = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{}</main></html>'


def test_axe_finds_a_field_without_a_name_and_grey_on_white(page: Page) -> None:
    page.set_content(FRAME.format('<input><p style="color:#bbb">Pale words</p><button>Fine</button>'))
    rules = {line.split(":")[0] for line in violations(page)}
    assert rules == {"label", "color-contrast"}
    assert violations(page, without=("input", "p")) == []
    page.set_content(FRAME.format("<p>Fine</p>"))
    assert violations(page) == []


def test_small_targets_are_found_and_links_in_sentences_are_not(page: Page) -> None:
    big = 'style="display:inline-block;width:60px;height:60px"'
    page.set_content(
        FRAME.format(f'<p>Some <a href="/">link</a> here</p><a href="/" id="alone">x</a><button {big}>Big</button>')
    )
    found = too_small(page, 48)
    assert len(found) == 1
    assert 'id="alone"' in found[0]
    assert len(too_small(page, 64)) == 2


def test_a_label_is_part_of_what_is_pressed(page: Page) -> None:
    page.set_content(FRAME.format('<label style="display:block;height:60px;width:200px"><input type="radio">A</label>'))
    assert too_small(page, 48) == []


def test_zoom_finds_what_sticks_out_and_what_is_cut(page: Page) -> None:
    wide = '<div id="wide" style="width:700px">Wide</div>'
    cut = '<p id="cut" style="overflow:hidden;width:300px;white-space:nowrap">Words that do not fit here at all, no</p>'
    page.set_content(FRAME.format(wide + cut))
    assert [line for line in broken_layout(page) if "wide" in line] == []
    with zoomed(page):
        found = broken_layout(page)
    assert any("the page scrolls sideways" in line for line in found)
    assert any('id="wide"' in line for line in found)
    page.set_content(FRAME.format(cut.replace("300px", "90px")))
    assert any('id="cut"' in line for line in broken_layout(page))
