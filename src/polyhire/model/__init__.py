"""The unified vocabulary: what a record looks like, whichever provider it came from."""
