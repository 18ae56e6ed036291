"""Whatever is done to tags, in whatever order: addresses lead on, and publishing changes no tag."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial import tags, transitions
from articles.editorial.addresses import where_now
from articles.models import Tag, TagChange
from tests.chance import examples
from tests.desk.test_tags import edit, make_live, tags_of

pytestmark = pytest.mark.django_db

NAMES = ("Docks", "Ports", "Quays", "Sea", "docks", "Häfen")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), st.integers(0, 9), st.sampled_from(NAMES)),
        st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("split"), st.integers(0, 9), st.sampled_from(NAMES)),
        st.tuples(st.just("undo"), st.integers(0, 9), st.none()),
        st.tuples(st.just("publish"), st.integers(0, 9), st.none()),
    ),
    max_size=9,
)


class Sequences(TestCase):
    """Whatever is done to tags, in whatever order."""

    @settings(max_examples=examples(6, proof=120), deadline=None)
    @given(STEPS)
    def test_every_address_leads_on_and_publishing_changes_no_tag(self, steps):
        articles = [make_live("One", "Docks", "Sea"), make_live("Two", "Quays", "Docks")]
        addresses = set()
        for verb, which, other in steps:
            known = list(Tag.objects.order_by("pk"))
            addresses |= {tag.get_absolute_url() for tag in known}
            tag = known[which % len(known)]
            # What is refused changes nothing, which is looked at like everything else.
            with suppress(ValidationError):
                self._take(verb, tag, which, other, known, articles)
            self._check(articles, addresses | {tag.get_absolute_url() for tag in known})

    def _take(self, verb, tag, which, other, known, articles):
        article = articles[which % len(articles)]
        if verb == "rename":
            tags.rename(tag, other)
        elif verb == "merge":
            tags.merge([tag], known[other % len(known)])
        elif verb == "split":
            tags.split(tag, other, [article])
        elif verb == "undo" and TagChange.objects.exists():
            changes = list(TagChange.objects.all())
            tags.undo(changes[which % len(changes)])
        elif verb == "publish":
            before = tags_of(article)
            edit(article, headline=f"{article.headline}!")
            transitions.correct(article, kind="typo")
            assert tags_of(article) == before

    def _check(self, articles, addresses):
        for path in addresses:
            slug = path.split("/")[2]
            if not Tag.objects.filter(slug=slug).exists():
                target = where_now(path)
                assert Tag.objects.filter(slug=target.split("/")[2]).exists(), path
        for article in articles:
            found = tags_of(article)
            assert len(found) == len({name.lower() for name in found})
