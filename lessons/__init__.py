"""Smartphone classes: seats, waiting lists, helpers, tutoring. Filled by its own issue."""
