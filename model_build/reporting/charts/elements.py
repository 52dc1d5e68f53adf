"""SVG elements as escaped text: every name that a user chose passes through here."""

from __future__ import annotations

from markupsafe import Markup, escape


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Returns one element; children and attributes' values are escaped unless they are Markup.

    attributes: `stroke_width` becomes stroke-width, `class_` class; numbers have at most two decimals, None is left
    out.
    """
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{listed}>{inside}</{name}>" if children else f"<{name}{listed}/>")


def joined(parts: list[Markup]) -> Markup:
    """Returns the parts one after another."""
    return Markup("").join(parts)


def chart(width: float, height: float, label: str, *children: str) -> Markup:
    """Returns an SVG of its own width and height in units of about a pixel, read aloud as `label`."""
    return element(
        "svg",
        *children,
        class_="chart",
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_label=label,
        font_size="12",
    )


def text(
    x: float, y: float, words: str, anchor: str = "start", fill: str = "var(--muted)", **more: object
) -> Markup:
    """Returns a line of text whose baseline is at y; anchor: start, middle or end of it is at x."""
    return element("text", words, x=x, y=y, text_anchor=anchor, fill=fill, **more)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = "var(--grid)", **more: object) -> Markup:
    """Returns a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)


def _plain(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return value
