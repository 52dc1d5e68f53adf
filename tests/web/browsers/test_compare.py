"""Models compared on one face, in Firefox and WebKit with the released networks."""

from __future__ import annotations

from tests.support.browsers.browser import Browser
from tests.support.web import Server
from tests.web.browsers.test_pages import PORTRAIT, opened


def test_three_models_are_compared_on_a_smile(browser: Browser, server: Server):
    page = opened(browser, server)
    page.choose_file("#file", PORTRAIT)
    page.until("!document.getElementById('compare').disabled")
    page.click("#compare")
    page.until("document.querySelectorAll('.compare-regions li').length === 5", 60)
    page.until("document.querySelectorAll('.compare-word').length >= 3")
    assert page.texts(".compare-sentence")[1].startswith("“happy” (99\u202f%) hangs on ")
    assert page.texts(".compare-regions li")[0].startswith("mouth ")
    page.run("const {parentNode} = document.querySelector('.compare-offer button');"
             "if (!parentNode.hidden) parentNode.querySelector('button').click()")  # fmt: skip
    page.until("document.querySelectorAll('.compare-word').length === 9", 90)
    assert page.texts(".compare-word") == ["happy"] * 9
    assert page.texts(".compare-sentence")[0] == "All 3 models say happy. Label and crowd agree."
    assert page.run(
        "const dialog = document.querySelector('dialog'); return dialog.scrollWidth <= dialog.clientWidth"
    )
    page.click(".compare-close")
    page.until("!document.querySelector('dialog')")
    assert page.run("return document.activeElement.id") == "compare"
    page.check()
