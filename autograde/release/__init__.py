"""From the teacher's text or notebook to what students get, and to the answer key."""
