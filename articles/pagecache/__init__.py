"""The page cache: finished answers, kept with what they show, and dropped when that changes."""
