"""Who takes a course, what they submitted, and what is due when: lists, downloads and commands about them."""
