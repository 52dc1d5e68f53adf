"""The browser's side of Face Emotion Kit: the page and the runtimes that it brings along."""
