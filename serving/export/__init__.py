"""Approved documents on their way out: DOCX, JSON, copy blocks."""
