"""What a class understood: scores, checks and mistakes of an assignment on one page."""
