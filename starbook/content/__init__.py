"""Content: from the files of a handbook to frozen values, and what is wrong with them."""
