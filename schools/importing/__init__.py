"""Reads files of others into rows of ours: schools out of the state's register or our own list, and people."""
