"""Statute text to provisions: Markdown, Riksdagen's open data and plain text become the same sections."""
