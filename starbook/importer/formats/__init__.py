"""Formats: from a path to documents as markdown text, whatever program wrote them."""
