"""`make bench`: how long the desk's work takes in a newsroom with a hundred thousand articles."""
