"""Export of a handbook for other programs: Anki, and anything that reads JSON."""
