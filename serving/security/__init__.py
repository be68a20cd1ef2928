"""Keys, the audit chain, who may do what, retention."""
