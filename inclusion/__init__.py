"""The platform: it understands, answers, and ties the rest together."""

__version__ = "0.1.0"
