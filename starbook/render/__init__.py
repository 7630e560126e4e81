"""Rendering: view models to HTML, and the check of its links."""
