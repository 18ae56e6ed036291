"""Whatever the desk does, in whatever order: no chain, no circle, no dead address."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial import tags, transitions
from articles.editorial.addresses import is_page, leave_redirect, place_of, where_now
from articles.models import Article, Author, Redirect, Section, Tag
from tests.chance import examples
from tests.desk.test_addresses import MOMENT, by_hand, correct
from tests.factories import Status, make_article, make_author, make_section

pytestmark = pytest.mark.django_db

SLUGS = ("one", "two", "three")
OLD = ("/old/", "/older/", "/2026/03/04/one/", "/tag/docks/", "/section/world/")
WHICH = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), WHICH, st.integers(1, 3)),
        st.tuples(st.just("slug"), WHICH, st.sampled_from(SLUGS)),
        st.tuples(st.just("date"), WHICH, st.integers(1, 3)),
        st.tuples(st.just("withdraw"), WHICH, st.integers(0, 30)),
        st.tuples(st.just("hand"), st.sampled_from(OLD), st.integers(0, 30)),
        st.tuples(st.sampled_from(("section", "author")), WHICH, st.sampled_from(SLUGS)),
        st.tuples(st.just("tag"), WHICH, st.sampled_from(("Docks", "Ports", "Quays"))),
        st.tuples(st.sampled_from(("merge", "undo")), WHICH, WHICH),
    ),
    min_size=3,
    max_size=14,
)


class Sequences(TestCase):
    """No chain, no circle, no dead address, whatever the desk does."""

    @settings(max_examples=examples(8, proof=150), deadline=None)
    @given(STEPS)
    # A section is gone for old revisions when somebody leads its former address elsewhere: the
    # gate refuses, and a refusal is no fault.
    @example(
        [("withdraw", 0, 0), ("section", 0, "one"), ("hand", "/section/world/", 0),
         ("publish", 0, 1)]
    )  # fmt: skip
    def test_every_address_leads_to_today_in_one_hop(self, steps):
        self.articles = [
            make_article(
                name, status=Status.APPROVED, slug=name.lower(), tags=(tag,),
                section=make_section(desk), author=make_author(desk),
            )
            for name, tag, desk in (
                ("One", "Docks", "World"), ("Two", "Ports", "Politics"), ("Three", "Sea", "Arts"),
            )
        ]  # fmt: skip
        # Address -> the row whose page it was last; by hand, somebody said otherwise.
        self.had = {}
        self.publish(0, 1)
        self.publish(1, 1)
        self.remember()
        for verb, which, what in steps:
            with suppress(ValidationError, transitions.WrongState, transitions.NotReady):
                getattr(self, verb)(which, what)
            self.remember()
        self.check()

    def remember(self):
        for article in self.articles:
            article.refresh_from_db()
            if article.status == Status.PUBLISHED:
                self.had[article.get_absolute_url()] = article
        for model in (Section, Author):
            for row in model.objects.all():
                self.had[row.get_absolute_url()] = row
        for tag in Tag.objects.all():
            self.had[tag.get_absolute_url()] = None

    def targets(self):
        known = sorted([*self.had, *OLD, "/latest/", "https://x.example/", ""])
        return [place for path in known for place in (path, f"{path}?a=1" if path else "")]

    def check(self):
        leads = dict(Redirect.objects.values_list("old_path", "new_path"))
        for old, new in leads.items():
            place = place_of(new) if new else None
            if place is not None and not is_page(place):
                # Gone, or never there: the end all the same, and never the start again.
                assert not where_now(place), (old, new)
            assert place != old
        for path, row in self.had.items():
            if is_page(path):
                continue
            target = where_now(path)
            assert target is not None, path
            if row is None:
                assert is_page(place_of(target)), path
            elif isinstance(row, Article):
                row.refresh_from_db()
                if row.status == Status.PUBLISHED:
                    assert target == row.get_absolute_url(), path
            else:
                row.refresh_from_db()
                assert target == row.get_absolute_url(), path

    def publish(self, which, day):
        transitions.publish(self.articles[which], at=MOMENT + timedelta(days=day - 1))

    def slug(self, which, slug):
        correct(self.articles[which], slug=slug)

    def date(self, which, day):
        correct(self.articles[which], published_at=f"2026-03-0{day}T09:00:00+00:00")

    def withdraw(self, which, target):
        targets = self.targets()
        transitions.withdraw(self.articles[which], redirect_to=targets[target % len(targets)])

    def hand(self, old, target):
        targets = self.targets()
        by_hand(old, targets[target % len(targets)])
        # Whoever said so by hand is obeyed.
        self.had.pop(old, None)

    def section(self, which, slug):
        self._move(Section, which, slug)

    def author(self, which, slug):
        self._move(Author, which, slug)

    def _move(self, model, which, slug):
        row = model.objects.order_by("pk")[which]
        if model.objects.filter(slug=slug).exists():
            return
        old, row.slug = row.get_absolute_url(), slug
        row.save()
        leave_redirect(old, row.get_absolute_url())

    def tag(self, which, name):
        known = list(Tag.objects.order_by("pk"))
        tags.rename(known[which % len(known)], name)

    def merge(self, one, other):
        known = list(Tag.objects.order_by("pk"))
        tags.merge([known[one % len(known)]], known[other % len(known)])

    def undo(self, which, _other):
        changes = list(tags.TagChange.objects.all())
        if changes:
            tags.undo(changes[which % len(changes)])
