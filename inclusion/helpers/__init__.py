"""Volunteers in the talk: their words, planning a class, cover for a missing helper, and what reaches them by post."""
