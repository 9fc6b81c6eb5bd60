"""How well English is understood: a corpus of texts with gold readings, compared by behaviour."""
