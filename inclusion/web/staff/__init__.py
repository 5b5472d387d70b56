"""The pages behind the staff door that are not about classes or live events."""
