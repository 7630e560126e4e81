"""Search: the index of words, its scores, and the file that pages fetch."""
