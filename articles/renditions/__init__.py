"""Files that are made of pictures: who makes them, when, and what becomes of old ones."""
