"""The desk: the verbs, and the only place where an article's status changes."""
