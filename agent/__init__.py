"""The flow of a case and what it may produce: reads, proposes, composes drafts. It never decides."""
