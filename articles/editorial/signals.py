"""Announcements of the desk, sent after the change is committed."""

from django.dispatch import Signal

# article: Article, transition: Transition. Any verb; receivers look at `transition.verb`.
article_moved = Signal()
