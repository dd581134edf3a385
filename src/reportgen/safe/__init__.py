"""Opening what strangers send: encodings, zip packages, and their limits."""
