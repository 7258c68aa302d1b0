"""How a browser becomes somebody."""

from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from delivery.accounts.models import Account
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.models import Kind
from restaurants.models import Restaurant


def pair(context: BrowserContext, site: str, restaurant: Restaurant, *kinds: Kind, language: str = "en") -> None:
    """Make the browser a paired lobby or kitchen screen, or both, that speaks the language."""
    pairs = [devices.register_device(kind=kind, restaurant=restaurant, name="Screen") for kind in kinds]
    for device, _ in pairs:
        devices.set_language(device=device, language=language)
    secrets = ".".join(secret for _, secret in pairs)
    context.add_cookies([{"name": actors.DEVICE_COOKIE, "value": secrets, "url": site}])


def sign_in(context: BrowserContext, site: str, account: Account) -> None:
    """Sign the account in, as its sign-in page would."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = Session.objects.latest("expire_date")
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": site}])


def wait_until_live(page: Page) -> None:
    """Until a screen follows its topic and has fetched what it may have missed; a page without scripts is ready."""
    if page.locator("script[type=module]").count() and page.locator("noscript p").count() == 0:
        expect(page.locator("html")).to_have_attribute("data-link", "live")
        page.wait_for_load_state("networkidle")


def start_shift(page: Page, button: str = "Start shift") -> None:
    """The tap with which a counter begins; a page without scripts has no shift to start."""
    if page.locator("script[type=module]").count() and page.locator("noscript p").count() == 0:
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute("data-sound", "on")
