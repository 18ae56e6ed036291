"""What a change drops: every page that shows it, and none that does not."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from articles.editorial import tags, transitions, translations
from articles.editorial.revisions import record, working_data
from articles.models import Article, Author, Correction, Promo, Section, Tag
from articles.readership.rankings import rank
from articles.related import work
from articles.views import front, lists, rankings, site
from tests.chance import examples
from tests.factories import make_article, make_author, make_image, make_section, part_of_sitemap
from tests.workers import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]

FEEDS = ("rss.xml", "atom.xml", "feed.json")
SITE = (
    "/", "/latest/", "/tags/", "/archive/", "/corrections/", "/sitemap.xml", "/news-sitemap.xml",
    "/llms.txt", "/robots.txt", "/manifest.webmanifest", "/sitemap-pages-1.xml",
    "/sitemap-authors-1.xml", "/sitemap-tags-1.xml", "/corrections/feed.json",
)  # fmt: skip


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    """What comes after a commit happens when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def addresses():
    """Every address that the site has now, lists and feeds of all, and each story's pages."""
    found = list(SITE) + [f"/{name}" for name in FEEDS[:1]]
    for owner in (*Section.objects.all(), *Tag.objects.all(), *Author.objects.all()):
        found += [owner.get_absolute_url(), f"{owner.get_absolute_url()}feed.json"]
    for article in Article.objects.all():
        if page := article.get_absolute_url():
            found += [page, f"{page.rstrip('/')}.md", f"{page}changes/"]
            found += [page.rsplit("/", 2)[0] + "/", page[:6], part_of_sitemap(article)]
    return list(dict.fromkeys(found))


class Readers:
    """A worker that holds all pages, and what is there without it."""

    def __init__(self, client):
        self.worker, self.client = Worker(), client

    def read_all(self, skip="//"):
        for address in addresses():
            if skip not in address:
                self.worker.get(address)

    def dropped(self, skip="//"):
        """Return the addresses whose pages are made anew when everybody reads everything again."""
        found = (address for address in addresses() if skip not in address)
        return {address for address in found if self.worker.get(address).was_made}

    def old_ones(self):
        """Return the addresses at which the worker answers something else than Django would: pages
        that are kept, and those that are joined anew of parts that are."""
        return [address for address in addresses() if self.is_old(address)]

    def is_old(self, address):
        kept, fresh = self.worker.get(address), self.client.get(address)
        return (kept.status, kept.body) != (fresh.status_code, fresh.content)


def correct(article, kind="typo", note="", **words):
    record(article, {**working_data(article), **words})
    transitions.correct(article, kind=kind, note=note)


def make_a_site():
    """Old stories of two desks that have nothing in common, behind newer ones of a third."""
    long_ago = timezone.now() - timedelta(days=40)
    for desk in ("Harbour", "Forest"):
        for number in range(2):
            make_article(
                f"{desk} story {number}",
                section=make_section(desk),
                author=make_author(f"{desk} writer"),
                tags=(f"{desk} topic",),
                picture=make_image(alt=desk) if number == 0 else None,
                published_at=long_ago - timedelta(days=31 * number),
            )
    for number in range(33):
        make_article(f"News {number}", section=make_section("News"), author=make_author("Nia"))


def the(headline):
    return Article.objects.get(headline=headline)


def describe(name):
    author = Author.objects.get(name=name)
    author.bio = "Knows it all."
    author.save()


def describe_picture(headline):
    picture = the(headline).picture
    picture.alt = "Another view"
    picture.save()


def place_promo():
    Promo.objects.create(
        slug="boats", title="Boats", position="under", url="/boats/",
        section=Section.objects.get(name="Harbour"),
    )  # fmt: skip


def publish_anew():
    draft = make_article(
        "Fresh", status="draft", section=make_section("Harbour"), tags=("Harbour topic",),
        author=make_author("Harbour writer"),
    )  # fmt: skip
    transitions.publish(draft)


def work_on_what_nobody_sees():
    draft = make_article(
        "A plan", status="draft", author=make_author("Nia"), section=make_section("News")
    )
    record(draft, {**working_data(draft), "headline": "Another plan"}, is_autosave=True)
    story = the("Harbour told again")
    record(story, {**working_data(story), "headline": "Not yet"})
    story.daily_views.create(day=timezone.localdate(), count=5)


def withdraw_in_vain():
    try:
        with transaction.atomic():
            transitions.withdraw(the("Forest story 1"))
            raise RuntimeError
    except RuntimeError:
        pass


def import_many():
    for number in range(51):
        make_article(f"Imported {number}", author=make_author("Nia"), section=make_section("News"))


FOREST = {"/section/forest/", "/tag/forest-topic/", "/author/forest-writer/"}
HARBOUR = {"/section/harbour/", "/tag/harbour-topic/", "/author/harbour-writer/"}
STANDING = {"/robots.txt", "/manifest.webmanifest"}
#: What somebody does, which pages are to be made anew for it, and which stay as they are. "F0" is
#: the page of the first story of the forest.
CHANGES = (
    ("a correction", lambda: correct(the("Harbour story 1"), headline="Harbour told again"),
     {"H1", "H1.md", "H1changes/", "/", "/sitemap.xml", *HARBOUR},
     {"F0", "F1", "/latest/", "/tags/", "/archive/", "/news-sitemap.xml", *FOREST, *STANDING}),
    ("a draft, a working copy, a view", work_on_what_nobody_sees, set(), "all"),
    ("what is rolled back", withdraw_in_vain, set(), "all"),
    ("an author's words", lambda: describe("Forest writer"),
     {"F0", "F1", "/", *FOREST}, {"H0", "H1", "/latest/", *HARBOUR, *STANDING}),
    ("a picture's words", lambda: describe_picture("Forest story 0"),
     {"F0", "/"} | FOREST, {"H0", "H1", "/latest/", *HARBOUR, *STANDING}),
    ("a promo of one section", place_promo, {"H0", "H1"}, {"F0", "/", "/section/harbour/"}),
    ("an old story that goes", lambda: transitions.withdraw(the("Forest story 1")),
     {"/", "/archive/", "/tags/", *FOREST},
     {"H0", "/latest/", "/rss.xml", *HARBOUR, *STANDING}),
    ("a story that comes", publish_anew,
     {"/", "/latest/", "/rss.xml", "/tags/", "/archive/", "H0", "F0", *HARBOUR},
     {"/corrections/", "/section/forest/feed.json", "F0.md", *FOREST, *STANDING}),
    ("a large import", import_many, {"/robots.txt", "F0.md", "/"}, set()),
)  # fmt: skip


def test_each_change_drops_the_pages_that_show_it_and_no_other(client, then):
    with then():
        make_a_site()
    readers = Readers(client)
    pages = {f"{desk[0]}{n}": the(f"{desk} story {n}").get_absolute_url()
             for desk in ("Harbour", "Forest") for n in (0, 1)}  # fmt: skip
    pages |= {f"{name}.md": f"{page.rstrip('/')}.md" for name, page in pages.items()}
    pages["H1changes/"] = f"{pages['H1']}changes/"
    readers.read_all(skip="/news-")
    for name, do, expected, others in CHANGES:
        with then():
            do()
        dropped = readers.dropped(skip="/news-")
        missing = {pages.get(one, one) for one in expected} - dropped
        assert not missing, name
        if others == "all":
            assert not dropped, name
        assert not dropped & {pages.get(one, one) for one in others}, name
        # Joined of what is kept, the front page's blocks among it.
        assert not [one for one in ("/", pages["H0"], pages["F0"]) if readers.is_old(one)], name


@pytest.mark.parametrize("address", ["/", "/section/harbour/"])
def test_a_section_that_is_renamed_while_a_page_is_made_stays_in_no_part(
    client, then, monkeypatch, address
):
    with then():
        make_a_site()
    worker, renamed = Worker(), []

    def menu(request):
        """The menu is read, and then its first section gets another name."""
        found = site.menu_of_sections(request)
        if not renamed:
            with then():
                renamed.append(Section.objects.get(name="Harbour"))
                renamed[0].name = "Port"
                renamed[0].save()
        return found

    for module in (front, lists):
        monkeypatch.setattr(module, "menu_of_sections", menu)
    worker.get(address)
    assert renamed
    for one in (address, "/", "/latest/"):
        assert worker.get(one).body == client.get(one).content


def test_the_most_read_are_listed_anew_for_one_that_comes_back_and_for_no_new_one(
    client, then, monkeypatch
):
    section = make_section("Harbour", slug="harbour")
    with then():
        stories = [make_article(f"Story {number}", section=section) for number in range(8)]
        for number, story in enumerate(stories):
            story.daily_views.create(day=timezone.localdate(), count=90 - number)
        rank()
    first, pages = stories[0], ("/", section.get_absolute_url())
    with then():
        transitions.withdraw(first)
    readers = Readers(client)
    assert first.headline not in "".join(readers.worker.get(page).body.decode() for page in pages)
    with then():
        transitions.publish(first)
    assert not [page for page in pages if readers.is_old(page)]
    read = []
    monkeypatch.setattr(rankings, "ranked_lists", lambda scope: read.append(scope) or [])
    with then():
        make_article("New", section=section)
    assert all(readers.worker.get(page).was_made for page in pages)
    assert not read


class Desk:
    """Somebody who does whatever can be done, at random."""

    def __init__(self, chance):
        self.chance = chance
        self.count = 0

    def begin(self):
        for number in range(3):
            make_section(f"Desk {number}", slug=f"desk-{number}")
            make_author(f"Person {number}")
            Tag.objects.create(name=f"Subject {number}", slug=f"subject-{number}")
            Tag.objects.create(name=f"Theme {number}", slug=f"theme-{number}")
        for _ in range(4):
            self.publish()

    def name(self, kind):
        self.count += 1
        return f"{kind} {self.count}"

    def some(self, rows):
        rows = list(rows)
        return self.chance.choice(rows) if rows else None

    def a_public_one(self):
        return self.some(Article.objects.published())

    def do(self):
        what = self.chance.choice(self.STEPS)
        getattr(self, what)()
        return what

    def publish(self):
        draft = make_article(
            self.name("Story"),
            status="draft",
            section=self.some(Section.objects.all()),
            author=self.some(Author.objects.all()),
            tags=tuple(self.chance.sample(list(Tag.objects.values_list("name", flat=True)), 2)),
            picture=self.chance.choice([None, make_image()]),
        )
        data = working_data(draft)
        if self.chance.random() < 0.4:
            day = timezone.now() - timedelta(days=self.chance.randrange(60), minutes=self.count)
            data["published_at"] = day.isoformat()
        if self.chance.random() < 0.3 and (other := self.a_public_one()):
            data["related"] = [{"article": str(other.uid)}]
        record(draft, data)
        transitions.publish(draft)

    def publish_what_is_awaited(self):
        """A story links to one that is not here by its headline; then it comes."""
        awaited = self.name("Awaited")
        article = self.a_public_one()
        article.related_links.create(title=awaited, position=90 + self.count % 100)
        transitions.publish(make_article(awaited, status="draft"))

    def correct_words(self):
        if article := self.a_public_one():
            kind = self.chance.choice(["typo", "update", "correction"])
            correct(article, kind, "A note." if kind != "typo" else "", headline=self.name("Told"))

    def correct_place(self):
        if article := self.a_public_one():
            names = list(Tag.objects.values_list("name", flat=True))
            authors = self.chance.sample(list(Author.objects.all()), 2)
            correct(
                article,
                tags=self.chance.sample(names, self.chance.randrange(3)),
                section=self.some(Section.objects.all()).slug,
                byline=[{"author": one.slug, "role": "writer"} for one in authors],
            )

    def withdraw(self):
        if article := self.a_public_one():
            transitions.withdraw(article)

    def come_back(self):
        if article := self.some(Article.objects.filter(status="withdrawn")):
            transitions.publish(article)

    def delete(self):
        if article := self.some(Article.objects.filter(status="withdrawn")):
            article.delete()

    def mend_note(self):
        if note := self.some(Correction.objects.all()):
            note.note = self.name("Note")
            note.save()

    def rename_tag(self):
        tags.rename(self.some(Tag.objects.all()), self.name("Topic"))

    def merge_tags(self):
        if Tag.objects.count() > 3:
            one, other = self.chance.sample(list(Tag.objects.all()), 2)
            self.merged = tags.merge([one], other)

    def split_tag(self):
        tag = self.some(Tag.objects.filter(tagged_articles__isnull=False))
        if tag is not None:
            held = Article.objects.filter(tagged__tag=tag)
            self.merged = tags.split(tag, self.name("Part"), list(held)[:2])

    merged = None

    def undo(self):
        if self.merged is not None:
            tags.undo(self.merged)
            self.merged = None

    def rename_author(self):
        author = self.some(Author.objects.all())
        author.name, author.bio = self.name("Writer"), self.name("Bio")
        author.save()

    def rename_section(self):
        section = self.some(Section.objects.all())
        section.name = self.name("Desk")
        section.save()

    def add_section(self):
        make_section(self.name("Section"), slug=f"section-{self.count}")

    def describe_picture(self):
        article = self.some(Article.objects.exclude(picture=None))
        if article:
            article.picture.alt = self.name("Alt")
            article.picture.save()

    def place_promo(self):
        Promo.objects.create(
            slug=f"promo-{self.count}-{self.chance.random()}".replace(".", "-"),
            title=self.name("Promo"),
            position=self.chance.choice(Promo.Position.values),
            url="/about/",
            section=self.chance.choice([None, self.some(Section.objects.all())]),
            tag=self.chance.choice([None, self.some(Tag.objects.all())]),
        )

    def move_promo(self):
        if promo := self.some(Promo.objects.all()):
            promo.position = self.chance.choice(Promo.Position.values)
            promo.section = self.some(Section.objects.all())
            promo.save()

    def relate(self):
        assert work.settle("test")

    def remove_promo(self):
        if promo := self.some(Promo.objects.all()):
            promo.delete()

    def translate(self):
        if article := self.a_public_one():
            other = make_article(
                self.name("Geschichte"), status=self.chance.choice(["draft", "published"]),
                language="de",
            )  # fmt: skip
            if article.language != "de" and not hasattr(article, "translation"):
                translations.link(article, other)
                if other.status == "draft":
                    transitions.publish(other)

    def part_translations(self):
        if article := self.some(Article.objects.exclude(translation=None)):
            translations.unlink(article)

    STEPS = (
        "publish", "publish", "publish_what_is_awaited", "correct_words", "correct_words",
        "correct_place", "correct_place", "withdraw", "withdraw", "come_back", "delete",
        "mend_note", "rename_tag", "merge_tags", "split_tag", "undo", "rename_author",
        "rename_section", "add_section", "describe_picture", "place_promo", "move_promo",
        "remove_promo", "translate", "part_translations", "relate", "relate",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(examples(1)))
def test_no_step_in_any_order_leaves_an_old_page(client, then, seed):
    desk = Desk(random.Random(seed))
    readers = Readers(client)
    with then():
        desk.begin()
    readers.read_all()
    for step in range(examples(5, proof=80)):
        with then():
            what = desk.do()
        assert not readers.old_ones(), f"step {step}: {what}"
