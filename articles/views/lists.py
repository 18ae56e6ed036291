"""Lists of stories: latest, sections, tags, authors and the archive."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.conf import conf
from articles.models import Article, Author, Promo, Tag, TaggedArticle, Tally
from articles.models.listings import ArticleQuerySet
from articles.models.noting import rows_read
from articles.pagecache.showing import Key, on_this_page
from articles.pagecache.slots import newest_stories
from articles.views import structured
from articles.views.freshness import PAGE, public
from articles.views.paging import PLACE, Page, page_of
from articles.views.promos import promos_at
from articles.views.rankings import kept_rankings
from articles.views.site import menu_of_sections

#: What lists of topics and authors are ordered by (`listed()`), and those of periods.
LISTED, OF_PERIOD = ("listed_at", "listed_key"), ("published_on", "published_at", "id")
#: Topics at the head of a section's, an author's or another topic's page.
TOPICS = 8


def cards() -> ArticleQuerySet:
    return Article.objects.published().for_listing()


def page_shows(request: HttpRequest, first: Key) -> None:
    """Say what one page of a newest-first list shows; `first` stands for its newest stories.

    Behind `?before=` nothing new comes but what is dated back: the newest lie before it.
    """
    on_this_page().lists("older stories" if request.GET.get("before") else first)


def _list(
    request: HttpRequest,
    articles: ArticleQuerySet,
    template: str,
    title: str,
    way: structured.Way = (),
    by: tuple[str, ...] = (),
    **context: Any,
) -> HttpResponse:
    """Render one page of `articles`; `title` and `way` are what machines are told of it."""
    page = page_of(articles, request, *by)
    told = structured.of_list(title, request.path, page.articles, way=way)
    context = {"page": page, "title": title, "structured": told, **context}
    return render(request, template, context)


def topics_of(page: Page, beside: Tag | None = None) -> list[dict[str, Any]]:
    """Return `name` and `slug` of what the stories of a list's page are about, most often first.

    Only of stories on the page: counting a whole section would take longer than showing it.
    """
    found = (
        TaggedArticle.objects.filter(content_object__in=[story.pk for story in page.articles])
        .exclude(tag=beside)
        .values("tag")
        .annotate(number=Count("pk"), name=F("tag__name"), slug=F("tag__slug"))
        .order_by("-number", "name")
    )
    topics = list(found[:TOPICS])
    rows_read("tag", (row["tag"] for row in topics))
    return topics


@public(PAGE, asks=PLACE)
def latest(request: HttpRequest) -> HttpResponse:
    page_shows(request, newest_stories(conf("PAGE_SIZE") + 1))
    return _list(request, cards(), "lists/latest.html", _("Latest"))


@public(PAGE, asks=PLACE)
def section(request: HttpRequest, slug: str, trial: Promo | None = None) -> HttpResponse:
    # From the menu, which the page shows anyway: that saves a question.
    found = next((one for one in menu_of_sections(request) if one.slug == slug), None)
    if found is None:
        raise Http404
    of = ("of section", found.pk)
    page_shows(request, of)
    page = page_of(cards().filter(section=found), request)
    context = {
        "page": page,
        "section": found,
        "topics": topics_of(page),
        # Once for a section, not below each part of its past.
        "rankings": kept_rankings(found.slug) if page.is_first else None,
        "promos": promos_at(Promo.Position.LIST, section=found.pk, trial=trial),
        "structured": structured.of_list(found.name, request.path, page.articles),
    }
    return render(request, "lists/section.html", context)


@public(PAGE, asks=PLACE)
def tag(request: HttpRequest, slug: str, trial: Promo | None = None) -> HttpResponse:
    """A topic; the address of a former name leads on like all others (see middleware.py)."""
    found = get_object_or_404(Tag, slug=slug)
    page_shows(request, ("of tag", found.pk))
    page = page_of(Article.objects.listed(found).for_listing(), request, *LISTED)
    way = [(_("Topics"), reverse("articles:tags"))]
    context = {
        "page": page,
        "tag": found,
        "topics": topics_of(page, beside=found),
        "promos": promos_at(Promo.Position.LIST, tags=[found.pk], trial=trial),
        "structured": structured.of_list(found.name, request.path, page.articles, way=way),
    }
    return render(request, "lists/tag.html", context)


@public(PAGE)
def tags(request: HttpRequest) -> HttpResponse:
    """All topics that have public stories, with their number."""
    on_this_page().lists("topics")
    numbers = Tally.objects.public(Tally.Kind.TAG)
    found = [tag for tag in Tag.objects.order_by("name") if tag.pk in numbers]
    for tag in found:
        tag.number = numbers[tag.pk]
    told = structured.of_list(_("Topics"), request.path, ())
    return render(request, "lists/tags.html", {"tags": found, "structured": told})


@public(PAGE, asks=PLACE)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    page_shows(request, ("of author", found.pk))
    page = page_of(Article.objects.listed(found).for_listing(), request, *LISTED)
    context = {
        "page": page,
        "author": found,
        "topics": topics_of(page),
        "structured": structured.of_author(found, page.articles),
    }
    return render(request, "lists/author.html", context)


@public(PAGE)
def archive(request: HttpRequest) -> HttpResponse:
    """Years and months that have stories, with their number."""
    on_this_page().lists("counts")
    years: dict[int, list[dict[str, Any]]] = {}
    numbers = Tally.objects.public(Tally.Kind.MONTH)
    for key in sorted(numbers, reverse=True):
        year, month = divmod(key, 100)
        address = reverse("articles:month", args=[year, month])
        years.setdefault(year, []).append(
            {"address": address, "name": MONTHS[month], "number": numbers[key]}
        )
    told = structured.of_list(_("Archive"), request.path, ())
    context = {"years": list(years.items()), "structured": told}
    return render(request, "lists/archive.html", context)


@public(PAGE, asks=PLACE)
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _period(request, year, title=str(year), up=reverse("articles:archive"))


@public(PAGE, asks=PLACE)
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    if not 1 <= month <= 12:
        raise Http404
    title = _month_title(year, month)
    up = reverse("articles:year", args=[year])
    return _period(request, year, month, title=title, up=up, up_title=str(year))


@public(PAGE, asks=PLACE)
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    try:
        title = date_format(date(year, month, day), "DATE_FORMAT")
    except ValueError:
        raise Http404 from None
    up = reverse("articles:month", args=[year, month])
    return _period(
        request, year, month, day, title=title, up=up, up_title=_month_title(year, month)
    )


def _month_title(year: int, month: int) -> str:
    return _("%(month)s %(year)s") % {"month": MONTHS[month], "year": year}


def _period(request: HttpRequest, *parts: int, title: str, **context: str) -> HttpResponse:
    """`title` of the period, `up` and `up_title` of the wider one ("" for the archive itself)."""
    if not 1 <= parts[0] <= 9999:
        raise Http404
    page_shows(request, ("of period", "-".join(map(str, parts))))
    articles = cards().filter(published_on__range=days_of(*parts))
    articles = articles.order_by("-published_on", "-published_at", "-id")
    way = [(_("Archive"), reverse("articles:archive"))]
    if len(parts) > 1:
        way.append((str(parts[0]), reverse("articles:year", args=parts[:1])))
    if len(parts) > 2:
        way.append((_month_title(*parts[:2]), reverse("articles:month", args=parts[:2])))
    return _list(request, articles, "lists/period.html", title, way, OF_PERIOD, **context)


def days_of(year: int, month: int = 0, day: int = 0) -> tuple[date, date]:
    """Return the first and the last day of a year, a month or a day."""
    last_month = month or 12
    last_day = day or monthrange(year, last_month)[1]
    return date(year, month or 1, day or 1), date(year, last_month, last_day)
