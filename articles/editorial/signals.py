"""Announcements, sent after the change is committed unless they say otherwise."""

from django.dispatch import Signal

# article: Article, transition: Transition. Any verb; receivers look at `transition.verb`.
article_moved = Signal()

# articles: numbers of articles whose related news, as readers get it, is not what it was. Sent
# within the transaction that changes it.
neighbours_changed = Signal()
