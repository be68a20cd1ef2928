"""What may be cited: words that were said, provisions of law, the catalogue of factors. The leaf of all imports."""
