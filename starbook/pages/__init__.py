"""Pages: the view of each page, from a handbook and its links."""
