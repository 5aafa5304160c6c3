"""An older course folder brought up to this version: what there is to do, the copy, the steps."""
