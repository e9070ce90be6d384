"""Adapters that keep editions."""
