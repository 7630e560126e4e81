"""Serving: the pages of a handbook while it is written."""
