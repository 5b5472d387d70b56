"""Smartphone classes in the talk: finding one, booking, waiting, the day itself, practice; the library `lessons` keeps the books."""
