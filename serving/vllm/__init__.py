"""vLLM, which serves the language model on a machine of our own: which model for which card, and how to start it."""
