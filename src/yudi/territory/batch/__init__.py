"""Many projects at once, as arrays: the same question as for one, with the same answer."""
