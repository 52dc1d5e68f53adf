"""What the HTML files have in common: their templates, filters, and a style that stands inside each of them."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from model_build.reporting import texts

TEMPLATES = Path(__file__).with_name("templates")
STYLES = ("report.css", "report_parts.css", "report_tables.css", "report_print.css")


def standalone(drawn: Markup) -> str:
    """Returns a chart as a file of its own: an SVG that brings the report's colours, light or dark as its viewer is."""
    palette = (TEMPLATES / STYLES[0]).read_text(encoding="utf-8").partition("*, *::before")[0]
    style = f"<style>{palette}svg {{ background: var(--surface); font-family: sans-serif; }}</style>"
    opening, _, rest = str(drawn).partition(">")
    return f'{opening} xmlns="http://www.w3.org/2000/svg">{style}{rest}\n'


def html_environment() -> Environment:
    """Returns the environment of the HTML templates: all values are escaped, and an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": texts.percent, "interval": texts.interval_text, "p": texts.p_text}
    environment.filters |= {"count": lambda number: f"{number:,}"}
    environment.globals["style"] = Markup(
        "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    )
    return environment
