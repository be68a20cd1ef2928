"""Cases, meetings and what was confirmed, encrypted per case."""
