"""Making the embedded recognizer: sentences, synthetic Swedish speech, and the training of a small streaming model."""
