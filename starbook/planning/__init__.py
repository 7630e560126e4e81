"""Planning: which story to tell in which round of an interview, and why."""
