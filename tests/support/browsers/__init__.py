"""Firefox and WebKit for tests: what starts each, what drives both, and the page that they open."""
