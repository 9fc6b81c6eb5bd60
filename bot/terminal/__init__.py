"""The same conversation without an account anywhere."""
