"""How editions, projects, verdicts, comparisons and tables show themselves in a notebook: HTML without scripts."""
