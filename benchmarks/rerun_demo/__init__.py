"""A rerun-per-step version of the player, to compare with."""
