"""One module a step, in order. A step that has shipped is never edited."""
