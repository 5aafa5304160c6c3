"""What other systems read: scores as their tables, answers for similarity checkers."""
