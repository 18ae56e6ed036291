"""The weave: a text with the origin of each of its words, in which saves that race merge.

Every word, line and value knows which save brought it and which took it away. So the text can be
read as any screen had it, what a screen sends is compared with just that, and only its own change
goes in: words it took away are marked as gone, words it wrote stand behind the word that they
were written behind. What two people wrote at one place stands in an order that depends on what
they had seen and on their names alone, never on whose save came first.

The order is that of a replicated growable array (Roh, Jeon, Kim and Lee 2011, "Replicated
abstract data types"); the layers of births and deaths are those of a weave (Rochkind 1975, "The
source code control system").
"""
