"""That the tests of this folder can fail: what is planted in a page is found by `Browser.check`."""

from __future__ import annotations

import json

import pytest

from tests.support.browsers.browser import Browser
from tests.support.web import Server

SIGNS = (
    "thrown",
    "rejected",
    "console: said",
    "nowhere.png did not load",
    "policy: img-src https://other.invalid",
)


def test_what_goes_wrong_in_a_page_is_found(browser: Browser, server: Server):
    browser.open(f"{server.url}ask.html")
    browser.until("window.ask")
    browser.check()
    browser.run("blunder()")
    browser.until(f"{json.dumps(SIGNS)}.every((sign) => wrongs.some((wrong) => wrong.includes(sign)))")
    with pytest.raises(AssertionError):
        browser.check()
