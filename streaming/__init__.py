"""Festivals and classes, live, to people who cannot come. Filled by its own issue."""
