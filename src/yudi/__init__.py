"""Yudi (余地): room to grow, within the limits of the land."""
