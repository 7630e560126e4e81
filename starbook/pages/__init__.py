"""Pages: from a handbook and its links to what each page shows."""
