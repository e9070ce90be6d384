"""What may be built where: editions, clauses, facts, screening."""
