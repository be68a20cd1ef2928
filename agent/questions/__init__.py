"""A supervisor's question in plain Swedish to a typed query, or to why there is none."""
