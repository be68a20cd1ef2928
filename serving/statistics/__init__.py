"""Follow-up in figures: cases without names, cells with keys, and the answer to a typed query."""
