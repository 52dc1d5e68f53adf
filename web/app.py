"""The Flask application: sends the page's files with strict headers. It receives nothing.

    python -m web                                                                # behind waitress, web/server.py
    gunicorn --config python:web.gunicorn_settings 'web.app:create_app()'        # behind gunicorn
    gunicorn --config python:web.gunicorn_settings 'web.app:create_app("models")'

There is no endpoint that takes an image, no cookie and no state. An address that `build_site` does not list is a
404, whatever it spells.
"""

from __future__ import annotations

import io
import math
import os
from pathlib import Path

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException, NotAcceptable
from werkzeug.wsgi import wrap_file

from web.compression import COMPRESSED_ALREADY, SMALLEST, WORTH, brotli_form, gzip_form
from web.headers import IMMUTABLE, REVALIDATE, SECURITY
from web.negotiation import codings, single_range
from web.site import MODELS, Entry, build_site


def create_app(models: str | os.PathLike[str] = MODELS) -> Flask:
    """Returns the application for a models folder, after comparing every model file with its manifest.

    Raises InputError if the folder is missing, holds no model, or holds a damaged one.
    """
    app = Flask(__name__, static_folder=None)
    site = build_site(Path(models))

    @app.get("/")
    @app.get("/<path:url>")
    def page_file(url: str = "index.html") -> Response:
        """Sends one file of the page."""
        return send_entry(site[url]) if url in site else abort(404)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
        """Says what is wrong in one line of plain text, and keeps what the error itself has to say (Allow, …)."""
        kept = [(name, value) for name, value in error.get_headers() if name not in ("Content-Type",)]
        return (
            f"{error.code} {error.name}\n",
            error.code or 500,
            [*kept, ("Content-Type", "text/plain; charset=utf-8")],
        )

    @app.after_request
    def secure(response: Response) -> Response:
        """Puts the security headers on every response, errors and worker scripts included."""
        response.headers.update(SECURITY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app


def send_entry(entry: Entry) -> Response:
    """Returns the response for a file: whole, a range, or 304; in the form that the client likes best.

    A range is always one of the file as it is. ?sha256=… with the file's own hash names its content for good,
    so that answer may be kept for good; any other is revalidated by its ETag. 406 where the client takes no form
    that there is.
    """
    digest = entry.digest()
    accepted = codings(request.accept_encodings)
    wanted = single_range(request.method, request.headers.get("Range"))
    if wanted is None or "identity" not in accepted:
        request.environ.pop("HTTP_RANGE", None)
        encoding, content = _best_form(entry, digest, accepted)
    else:
        request.environ["HTTP_RANGE"] = wanted
        encoding, content = None, entry.content()
    # Not flask's send_file: it asks a BytesIO for its buffer, and from then on each answer has its own copy.
    body = wrap_file(request.environ, io.BytesIO(content))
    response = Response(body, content_type=entry.media_type, direct_passthrough=True)
    response.content_length = len(content)
    response.set_etag(f"{digest[:40]}-{encoding}" if encoding else digest[:40])
    response.make_conditional(request.environ, accept_ranges=True, complete_length=len(content))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = IMMUTABLE if request.args.get("sha256") == digest else REVALIDATE
    return response


def _best_form(entry: Entry, digest: str, accepted: list[str]) -> tuple[str | None, bytes]:
    """The first of the accepted codings that makes the file smaller, or the file; its coding, None for none."""
    content = entry.content()
    as_it_is = "identity" in accepted
    for coding in accepted:
        packed = None
        if coding == "identity":
            return None, content
        if coding == "br":
            packed = brotli_form(digest)
        elif not as_it_is:
            packed = gzip_form(digest, content, math.inf)  # better larger than not at all
        elif entry.suffix not in COMPRESSED_ALREADY and len(content) >= SMALLEST:
            packed = gzip_form(digest, content, WORTH)
        if packed is not None:
            return coding, packed
    raise NotAcceptable
