"""Commands: what each does with the arguments that were read."""
