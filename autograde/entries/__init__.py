"""What there is to say of one student's one assignment, and its words; no database and no folder is known here."""
