"""The page in German, and in a language that is none: what it says, before it is painted, offline, at every size."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import chromium_before_a_wall, page_of, require_chromium, until, wait_for_state
from tests.support.paths import ROOT
from tests.support.static_host import Host
from tests.support.web import ONE_FACE, TWO_FACES, Server, released_models
from web.export import export

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

WORDS = ROOT / "web/static/page/words"
GERMAN = {"locale": "de-DE"}
SIZES = {
    "phone": (390, 844),
    "side": (844, 390),
    "small": (568, 320),
    "tablet": (820, 1180),
    "desktop": (1440, 900),
}
# What is wider than the room that it has, of what somebody presses or reads in one line.
OVERFLOWS = """[...document.querySelectorAll(
    'button, select, .segments span, .choice, dt, dd, h2, .links a, .languages a')]
  .filter((element) => element.offsetParent).filter((element) => {
    const {left, right} = element.getBoundingClientRect();
    const around = element.parentElement.getBoundingClientRect();
    return element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline' ||
      left < around.left - 1 || right > around.right + 1;
  }).map((element) => element.id || element.textContent)"""
# When <html> began to speak German, and when something was first painted, both in milliseconds.
WATCH = """new MutationObserver(() => {
    if (document.documentElement.lang === 'de') window.spoke ??= performance.now();
  })
  .observe(document, {subtree: true, attributes: true, attributeFilter: ['lang']});"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# Everything that is read or heard, of the page as it is now.
SAID = """(() => {
  const said = [document.title];
  for (const element of document.querySelectorAll('body, body *')) {
    if (!element.checkVisibility() && !element.matches('.visually-hidden, option, [role=status]')) continue;
    for (const name of ['aria-label', 'alt', 'title', 'placeholder']) said.push(element.getAttribute(name) ?? '');
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) said.push(node.data.trim());
  }
  return said.filter(Boolean);
})()"""
# Names, numbers, and what the browser or the server says.
OF_NO_LANGUAGE = re.compile(
    r"Face Emotion Kit|English|Deutsch|CSV|JSON|small|many|·|–|[\d.,]+|[\d.,]+\s×\s[\d.,]+|.*\.mjpeg"
    r"|a rather long class name \d+"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def start_camera(page) -> None:
    page.get_by_role("button", name="Kamera starten").click()
    page.wait_for_selector("#stage:not([data-state])")


def test_who_prefers_german_is_spoken_to_in_german(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}, **GERMAN) as page:
        wait_for_state(page, "ready")
        assert page.get_attribute("html", "lang") == "de"
        assert page.title() == "Face Emotion Kit: Mimik, auf diesem Gerät gelesen"
        assert "Kein Bild verlässt das Gerät." in page.get_attribute("meta[name=description]", "content")
        assert page.inner_text(".promise") == "Kein Bild verlässt dieses Gerät"
        assert page.get_attribute("#input", "aria-label") == "Bildquelle"
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 2")
        assert page.locator(".face-label").all_inner_texts() == ["fröhlich", "neutral"]
        assert page.inner_text("#detect-time") == "3,2 ms"
        until(page, "announcer.textContent === '2 Gesichter: fröhlich, neutral.'")
        assert page.inner_text(".lead") == "Liegt bei etwa 7 von 10 nie zuvor gesehenen Gesichtern richtig."
        page.click(".figures > summary")
        assert page.inner_text(".headline") == "71,2\u202f% 95-%-Intervall 69,7–72,7"
        assert "von 3.589 Gesichtern aus FER2013 PrivateTest" in page.inner_text(".figures .quality-note")
        page.get_by_role("button", name="Pause").click()
        assert page.inner_text("#pause") == "Weiter"
        assert len([url for url in page.record.requests if url.endswith("/de.js")]) == 1


def test_exports_have_the_names_of_the_model_in_every_language(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, **GERMAN) as page:
        start_camera(page)
        until(page, "!document.getElementById('export-csv').disabled")
        with page.expect_download() as csv:
            page.click("#export-csv")
        head, row = csv.value.path().read_text().splitlines()[:2]
        assert "p_happy" in head and ",happy,true,0." in row


def test_english_asks_for_no_other_language(server: Server, browser):
    for options in ({}, {"locale": "en-GB"}, {"locale": "fr-FR"}):
        with page_of(browser, server.url, mock={}, **options) as page:
            wait_for_state(page, "ready")
            assert page.get_attribute("html", "lang") == "en"
            assert not [url for url in page.record.requests if url.endswith("/de.js")]
            assert page.get_attribute("html", "class") in (None, "")


def test_the_address_says_the_language_and_the_footer_links_to_it(server: Server, browser):
    with page_of(browser, f"{server.url}?a=1&lang=de#faces", mock={}, locale="en-US") as page:
        wait_for_state(page, "ready")
        assert page.inner_text("#card-action") == "Kamera starten"
        links = page.locator(".languages a")
        assert links.evaluate_all(
            "all => all.map(a => [a.lang, a.hreflang, a.getAttribute('aria-current')])"
        ) == [
            ["en", "en", None],
            ["de", "de", "true"],
        ]
        page.get_by_role("link", name="English").click()
        until(page, "document.querySelector('#card-action')?.textContent === 'Start camera'")
        assert page.url == f"{server.url}?a=1&lang=en#faces"
        assert page.get_attribute(".languages [hreflang=en]", "aria-current") == "true"
        for wanted in ("constructor", "de-%21%21", "", "xx"):
            page.goto(f"{server.url}?lang={wanted}")
            wait_for_state(page, "ready")
            assert page.get_attribute("html", "lang") == ("de" if wanted.startswith("de") else "en")


def test_nothing_is_painted_in_english_before_german_however_slowly_it_comes(server: Server, browser):
    with page_of(browser, "about:blank", mock={}, check=False, **GERMAN) as page:
        page.add_init_script(WATCH)
        page.route("**/page/words/de.js", lambda route: (threading.Event().wait(0.7), route.continue_()))
        page.goto(server.url, wait_until="commit")
        until(page, f"({PAINTED}) > 0")
        spoke, painted = page.evaluate("spoke"), page.evaluate(PAINTED)
        print(f"German after {spoke:.0f} ms, painted after {painted:.0f} ms")
        assert 700 < spoke <= painted


@pytest.mark.parametrize("lost", ["de.js", "start.js"])
def test_the_page_is_in_view_where_german_or_its_beginning_does_not_come(server: Server, browser, lost: str):
    with page_of(browser, "about:blank", mock={}, check=False, **GERMAN) as page:
        page.route(f"**/page/words/{lost}", lambda route: route.abort())
        page.goto(server.url)
        until(page, "getComputedStyle(document.querySelector('h1')).visibility === 'visible'")
        assert (
            page.get_attribute("html", "lang") == "en"
            and page.inner_text("#modes label >> nth=0") == "Camera"
        )
        if lost == "de.js":
            wait_for_state(page, "ready")
            assert page.inner_text("#card-action") == "Start camera"


def test_the_body_is_hidden_for_a_tenth_of_a_second_at_most(server: Server, browser):
    """Where nothing waits for a script before it paints (Firefox)."""
    with page_of(browser, server.url, mock={}) as page:
        page.evaluate(
            "document.documentElement.classList.add('translating'); window.began = performance.now()"
        )
        assert page.evaluate("getComputedStyle(document.body).visibility") == "hidden"
        until(page, "getComputedStyle(document.body).visibility === 'visible'")
        assert page.evaluate("document.body.getAnimations()") == []
        assert page.evaluate("parseFloat(getComputedStyle(document.body).animationDuration)") == 0.1


def test_the_exported_page_changes_its_language_without_a_connection(browser, tmp_path: Path):
    export(tmp_path / "site", released_models())
    with page_of(browser, "about:blank", check=False, **GERMAN) as page:
        with Host(tmp_path / "site") as host:
            page.goto(host.url)
            wait_for_state(page, "ready")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            url = host.url
        page.context.set_offline(True)
        page.reload()
        wait_for_state(page, "ready")
        assert page.inner_text("#card-action") == "Kamera starten"
        for name, button in (("English", "Start camera"), ("Deutsch", "Kamera starten")):
            page.get_by_role("link", name=name).click()
            until(page, f"document.querySelector('#card-action')?.textContent === '{button}'")
        assert page.url == f"{url}?lang=de"


def strange() -> str:
    """de.js, in which each sentence is the English one between brackets."""
    english = (WORDS / "en.js").read_text(encoding="utf-8")
    return (
        re.sub(r"export default \{", "const said = {", english)
        + """
const strange = (text) => `⟦${text}⟧`;
export default Object.fromEntries(Object.entries(said).map(([key, message]) => [key, typeof message === 'string' ?
  strange(message) : {one: strange(message.one), other: strange(message.other)}]));"""
    )


def test_in_a_language_that_is_none_no_english_is_left(server: Server, browser):
    """Every text between brackets came through t(); what is left must be a name, a number or a mark."""
    found: set[str] = set()

    def look() -> None:
        for text in page.evaluate(SAID):
            bare = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", text)).strip(" ⟦⟧:.")
            if bare and not set("⟦⟧") & set(text) and not OF_NO_LANGUAGE.fullmatch(bare):
                found.add(bare)

    with page_of(browser, "about:blank", check=False, service_workers="block", **GERMAN) as page:
        page.route(
            "**/page/words/de.js", lambda route: route.fulfill(body=strange(), content_type="text/javascript")
        )
        mock = (ROOT / "tests/support/mock_emotion.js").read_text(encoding="utf-8")
        page.route(
            "**/runtime/emotion.js", lambda route: route.fulfill(body=mock, content_type="text/javascript")
        )
        page.add_init_script(f"window.mock = {json.dumps({'boxes': ONE_FACE})};")
        page.goto(server.url)
        wait_for_state(page, "ready")
        look()
        page.click("#card-action")
        page.wait_for_selector(".face")
        page.click(".figures > summary")
        look()
        page.click("#neutral-learn")
        look()
        until(page, "!document.getElementById('neutral-forget').hidden")
        page.check("#neutral-keep")
        page.click("#pause")
        look()
        page.evaluate("mock.boxes = []")
        page.click("#pause")
        page.wait_for_selector("#hint:not([hidden])")
        look()
        page.context.set_offline(True)
        page.wait_for_selector("#notice-offline")
        look()
        page.context.set_offline(False)
        for mode, kind in (("picture", "image/png"), ("video", "video/mp4")):
            page.check(f'input[value="{mode}"]')
            wait_for_state(page, mode)
            look()
            page.set_input_files("#file", {"name": "a", "mimeType": kind, "buffer": b"nothing of that kind"})
            wait_for_state(page, "unreadable")
            look()
        page.evaluate("mock.loadError = 'ModelMissingError'")
        page.select_option("#model", label="many")
        page.wait_for_selector("#model-problem:not([hidden])")
        look()
        page.evaluate("mock.loadError = null")
        page.select_option("#model", label="many")
        until(page, "quality.textContent.includes('⟦')")
        look()
    assert found == set()


@pytest.mark.parametrize("size", SIZES)
def test_german_fits_at_every_size_and_axe_finds_nothing(server: Server, browser, size: str):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_package.Axe()
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "bypass_csp": True, **GERMAN}
    dark = {"color_scheme": "dark"} if size in ("side", "desktop") else {}
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}, **options, **dark) as page:

        def fits() -> None:
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.evaluate(OVERFLOWS) == []

        wait_for_state(page, "ready")
        fits()
        assert axe.run(page).response["violations"] == []
        start_camera(page)
        page.wait_for_selector(".face")
        fits()
        page.evaluate("mock.boxes = [[0.3, 0.2, 0.3, 0.4]]")
        until(page, "document.querySelectorAll('.face').length === 1")
        page.click("#neutral-learn")
        until(page, "!document.getElementById('neutral-forget').hidden")
        page.check("#neutral-keep")
        fits()
        assert axe.run(page).response["violations"] == []
        page.get_by_role("radio", name="Bild", exact=True).check()
        wait_for_state(page, "picture")
        fits()
        assert axe.run(page).response["violations"] == []


def test_who_has_something_open_is_asked_before_the_language_takes_it_away(server: Server, browser):
    asked: list[str] = []
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.click("#card-action")
        page.wait_for_selector(".face")
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        page.get_by_role("link", name="Deutsch").click()
        page.wait_for_timeout(300)
        assert page.get_attribute("html", "lang") == "en" and page.locator(".face").count() == 1
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
        page.get_by_role("link", name="Deutsch").click()
        until(page, "document.documentElement.lang === 'de'")
    question = "The page starts anew in another language: what is open in it, and what was not saved, is lost. Go on?"
    assert asked == [question] * 2


def test_nobody_is_asked_who_has_nothing_open(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": []}) as page:
        wait_for_state(page, "ready")
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.get_by_role("link", name="Deutsch").click()
        until(page, "document.documentElement.lang === 'de'")


def test_what_is_found_least_often_stands_first_among_the_limits(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": []}) as page:
        wait_for_state(page, "ready")
        first = page.locator(".limits li").first.inner_text()
        found = page.locator(".figures .bar").first
        label, share = found.locator(".bar-name").text_content(), found.locator(".bar-value").text_content()
        assert first == f"Not every expression is found alike: {label} in {share} of the faces that show it."
