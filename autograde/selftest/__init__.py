"""What attacks the grader and shows it: the hostile suite and the demo's class. No sandbox contains them."""
