"""Editions: the public one, its redaction, and the search for leaks."""
