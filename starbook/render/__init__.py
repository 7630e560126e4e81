"""Rendering: view models to HTML, and the links in it."""
