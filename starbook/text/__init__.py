"""Text: names and slugs, words as search cuts them, sentences."""
