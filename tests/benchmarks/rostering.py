"""Measures the roster against a second solver on the very same rows, and how fast a dropout is repaired."""
