"""Notices: who at the desk is told of which step."""

from articles.models import Transition


def tell(line: Transition) -> None:
    """Write the notices that a line of the timeline gives rise to, in its own transaction."""
