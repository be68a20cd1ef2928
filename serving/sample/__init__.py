"""The sample meeting that `handenhet demo` plays: our own text, spoken by espeak-ng."""
