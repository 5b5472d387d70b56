"""The pages and doors of smartphone classes, for learners, helpers and staff."""
