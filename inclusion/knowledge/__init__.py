"""What the town knows, and where it knows it from."""

from .quoting import fact_source, item_source, phones

__all__ = ["fact_source", "item_source", "phones"]
