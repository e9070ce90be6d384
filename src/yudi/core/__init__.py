"""Plain types and pure functions that every other room shares."""
