"""The commands, one file each: a module with `register(app)` becomes part of `autograde`."""
