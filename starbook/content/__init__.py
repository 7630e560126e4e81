"""Content: the files of a handbook to frozen values, and the checks of these values."""
