"""Search: the index of words, its scores, and the script that pages load."""
