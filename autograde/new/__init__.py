"""What `autograde new` makes, one file a kind."""
