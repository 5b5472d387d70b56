"""Teaches the town's own ears (`make ears`): synthetic speech in, a small Whisper checkpoint out. Nothing here is imported at run time."""
