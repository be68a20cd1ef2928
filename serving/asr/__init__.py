"""Speech to words: one Recognizer protocol, NeMo streaming and replay behind it."""
