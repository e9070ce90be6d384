"""Is an edition fit to be published? How far its lists decide, whether its units close, what its lists leave open."""
