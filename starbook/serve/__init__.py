"""Live preview: serve the handbook and keep its pages current while it is edited."""
