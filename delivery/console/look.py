"""unfold in the colours of static/tokens.css: the numbers are the tokens' own, for unfold mixes no variables."""

from typing import Any, Final

BASE: Final = {
    "50": "#faf5ea",
    "100": "#f2ead9",
    "200": "#e0d6c2",
    "300": "#b6beb6",
    "400": "#b6beb6",
    "500": "#5a5a4e",
    "600": "#5a5a4e",
    "700": "#35403e",
    "800": "#27302e",
    "900": "#1d2423",
    "950": "#141918",
}
PRIMARY: Final = {
    "50": "#f1f5fb",
    "100": "#e4ecf7",
    "200": "#c9daf0",
    "300": "#b9d5fa",
    "400": "#a9cbf7",
    "500": "#86b4f2",
    "600": "#1a4a8c",
    "700": "#163f78",
    "800": "#12356a",
    "900": "#12356a",
    "950": "#0a1a33",
}
FONT: Final = {
    "subtle-light": "#5a5a4e",
    "subtle-dark": "#b6beb6",
    "default-light": "#20241f",
    "default-dark": "#f4f0e6",
    "important-light": "#20241f",
    "important-dark": "#f4f0e6",
}
UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Passeplat",
    "SITE_HEADER": "Passeplat",
    "SITE_URL": "/",
    "SITE_ICON": "/static/mark.svg",
    "SITE_FAVICONS": [{"rel": "icon", "href": "/static/mark.svg", "type": "image/svg+xml"}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {"base": BASE, "primary": PRIMARY, "font": FONT},
    "STYLES": ["/static/tokens.css", "/static/base.css", "/static/console.css", "/static/console-records.css"],
    "SCRIPTS": ["/static/room.js"],
}
