"""Starbook: turns a folder of STAR stories and interview questions into a handbook."""

__version__ = "0.1.0"
