"""Debrief: `log` notes what was asked in an interview and what was told, in log.yml."""
