"""The response headers of the page: what each file may do, what it is, how long it may be kept.

The server sends them; `python -m web export DIR` writes them down for a static host.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

PAGE = Path(__file__).parent / "static" / "index.html"


def _inline_scripts() -> str:
    """The page's inline scripts, each as its hash: these texts may run and no other."""
    scripts = re.findall(r"<script>(.*?)</script>", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


# No other origin may be asked, nothing inline may run but what index.html begins with (its language); WebAssembly is
# all that may be compiled. blob: shows the pictures and videos that a user opens from the own disk.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {_inline_scripts()}",
        "style-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)

SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}

REVALIDATE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".tflite": "application/octet-stream",
    ".bin": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".ts": "text/plain; charset=utf-8",
}
"""Every kind of file that the page consists of; a file with another suffix is not served."""


def host_headers() -> str:
    """Returns the headers as a `_headers` file (Netlify and Cloudflare Pages read it; others copy from it)."""
    lines = ["# Headers that the host should send with every file (worker scripts too).", "/*"]
    lines += [f"  {name}: {value}" for name, value in (*SECURITY.items(), ("Cache-Control", REVALIDATE))]
    for suffix in (".wasm", ".tflite", ".webmanifest", ".mjs"):
        lines += [f"/*{suffix}", f"  Content-Type: {MEDIA_TYPES[suffix]}"]
    return "\n".join(lines) + "\n"
