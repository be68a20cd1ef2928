"""The hand-held's installable page."""
