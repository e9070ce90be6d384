"""Adapters for files: maps, sheets, schemes, packs, projects, results."""
