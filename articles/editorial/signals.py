"""Announcements of the desk, sent after the change is committed."""

from django.dispatch import Signal

# article: Article, transition: Transition. Any verb; receivers look at `transition.verb`.
article_moved = Signal()

# articles: numbers of articles whose related news, as readers get it, is not what it was.
neighbours_changed = Signal()
