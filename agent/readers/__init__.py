"""Readers: a window of utterances in, proposals out. Every proposal passes the same gate."""
