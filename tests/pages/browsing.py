"""The browser that looks at pages, and somebody of the town's staff in it; without one place the stories and the sheets would differ."""

from __future__ import annotations

from playwright.sync_api import Browser, Cookie, Playwright

from tests.headless import CHROMIUM

from .busy_town import LOGIN, PASSWORD, BusyTown

LIVE = "--allow-loopback-in-peer-connection --disable-features=WebRtcHideLocalIpsWithMdns --autoplay-policy=no-user-gesture-required"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS.split(), *LIVE.split(), "--disable-sync"])


def signed_in(browser: Browser, town: BusyTown) -> list[Cookie]:
    """The cookies of somebody who has signed in, through the form."""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(f"{town.address}/staff/sign-in")
    page.locator("#login").fill(LOGIN)
    page.locator("#password").fill(PASSWORD)
    page.locator(".main-action").click()
    page.wait_for_url("**/staff")
    cookies = context.cookies()
    context.close()
    return cookies
