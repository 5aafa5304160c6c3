"""Wrong update rules: their numbers next to the reference's, and the mistake that gives exactly these. Never in a box."""
