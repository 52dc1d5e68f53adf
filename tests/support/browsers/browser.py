"""A browser that runs, as the tests use it: pages, scripts, elements, files, and what went wrong in a page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.browsers.wire import DriverError, Wire

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's name of a reference to an element
FOREIGN = """return performance.getEntriesByType('resource').map(({name}) => name)
  .filter((name) => !name.startsWith(location.origin) && !name.startsWith('blob:') && !name.startsWith('data:'))"""


@dataclass
class Browser:
    """A browser behind its wire; its name is "firefox" or "webkit"."""

    name: str
    wire: Wire

    def open(self, url: str) -> None:
        """Opens an address and waits until it has loaded."""
        self.wire.send("WebDriver:Navigate", {"url": url})

    def reload(self) -> None:
        """Loads the page again, as its user does (WebDriver's own way passes the service worker by in Firefox)."""
        self.run("window.isOld = true; setTimeout(() => location.reload())")
        self.until("!window.isOld")

    def run(self, body: str, *given: Any) -> Any:
        """Runs a function's body, which finds `given` in `arguments`; waits for a promise that it returns."""
        return self.wire.send("WebDriver:ExecuteScript", {"script": body, "args": list(given)})

    def text(self, selector: str) -> str:
        """The text of the first element that a selector finds, as it is shown."""
        return self.run("return document.querySelector(arguments[0]).innerText.trim()", selector)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that a selector finds."""
        return self.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())", selector
        )

    def click(self, selector: str) -> None:
        """Clicks on an element as a user does, so that the page has the user's leave."""
        self.wire.send("WebDriver:ElementClick", {"id": self._find(selector)})

    def choose_file(self, selector: str, path: Path) -> None:
        """Gives a file to an <input type=file>."""
        self.wire.send("WebDriver:ElementSendKeys", {"id": self._find(selector), "text": str(path)})

    def select(self, selector: str, value: str) -> str | None:
        """Chooses an option of a <select> by its value; returns the stage's state right after it."""
        return self.run(
            "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
            " e.dispatchEvent(new Event('change', {bubbles: true}));"
            " return document.getElementById('stage').dataset.state",
            selector,
            value,
        )

    def until(self, expression: str, seconds: float = 30) -> None:
        """Waits until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self._holds(expression):
            if time.monotonic() > end:
                shown = self.run("return [document.body.innerText, window.wrongs]")
                raise AssertionError(f"{self.name}: not within {seconds} s: {expression}; {shown}")
            time.sleep(0.05)

    def wait_for_state(self, name: str, seconds: float = 30) -> None:
        """Waits for a state of the page's stage."""
        self.until(f"document.getElementById('stage')?.dataset.state === '{name}'", seconds)

    def check(self) -> None:
        """Fails if anything went wrong in the page since it was loaded, or if it asked another origin."""
        assert self.run("return window.wrongs") == [], self.name
        assert self.run(FOREIGN) == [], self.name

    def _find(self, selector: str) -> str:
        found = self.wire.send("WebDriver:FindElement", {"using": "css selector", "value": selector})
        return found[ELEMENT]

    def _holds(self, expression: str) -> bool:
        """Whether an expression is true now; a page that is being loaded anew has no answer yet."""
        try:
            return self.run(f"return !!({expression})")
        except DriverError as error:
            if "javascript error" in str(error):
                raise
            return False
