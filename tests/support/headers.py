"""What a browser must be told with every response of the page, in words of the tests' own: web/headers.py says it."""

from __future__ import annotations

# Of scripts test_server.py says what is expected: it reads the one that the page begins with.
POLICY = {
    "default-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_of(header: str) -> dict[str, str]:
    """What a Content-Security-Policy says, by directive; none twice."""
    entries = [entry.split(" ", 1) for entry in header.split("; ")]
    policy = dict(entries)
    assert len(policy) == len(entries)
    return policy
