"""The shared reference package of the descentlab course."""
