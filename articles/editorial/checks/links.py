"""Checkers of links: that they have words and an address, and lead readers somewhere.

Only links to this site are followed. Whether another site still has its page is no question
that a press of "Publish" can wait for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from articles.editorial.checks.issue import Issue
from articles.editorial.checks.words import MOST_QUOTED
from articles.models import Article, Author, FormerTagName, Redirect, Section, Tag
from articles.text.bodies import read_body
from articles.text.links import Leads, Target, target
from articles.text.outline import with_anchors

#: Parts of every article's page, beside the headings of its text.
_PAGE_PARTS = frozenset({"top", "main", "contents", "related", "latest", "corrections"})
#: Namespaces and addresses that open for the desk only, or for a while.
_CLOSED = frozenset({"admin", "preview"})


def empty_links(article: Article, at: datetime) -> Iterator[Issue]:
    found = 0
    for link in read_body(article.body).links:
        leads_nowhere = target(link.href, settings.SITE_URL).leads == Leads.NOWHERE
        if link.text and not leads_nowhere:
            continue
        found += 1
        if found > MOST_QUOTED:
            return
        if link.text:
            text = _("The link “%(words)s” has no address.")
            yield Issue("body", text % {"words": link.text[:80]}, excerpt=link.text[:80])
        else:
            text = _("A link to %(address)s has no words: nobody can see or follow it.")
            yield Issue("body", text % {"address": link.href or _("nowhere")})


def dead_links(article: Article, at: datetime) -> Iterator[Issue]:
    page = article.get_absolute_url() or "/"
    links = [("body", link.href, link.text) for link in read_body(article.body).links]
    # Taken from where they lie: a copy laid over its article has them in memory.
    links += [("related", link.url, link.title) for link in article.curated if link.url]
    targets = [
        (where, words, target(href, settings.SITE_URL, page)) for where, href, words in links
    ]
    alive = _alive({to.path for _where, _words, to in targets if to.leads == Leads.HERE}, page)
    parts = _parts(article) if any(to.leads == Leads.PART for *_rest, to in targets) else set()
    found = 0
    for where, words, to in targets:
        if problem := _problem(words[:80], to, alive, parts):
            found += 1
            if found <= MOST_QUOTED:
                yield Issue(where, problem, excerpt=words[:80])


def _problem(words: str, to: Target, alive: set[str], parts: set[str]) -> str:
    """Return what is wrong with a link; "" if nothing is."""
    named = {"words": words, "address": to.path}
    if to.leads == Leads.HERE and to.path not in alive:
        return _("The link “%(words)s” leads to no page of this site: %(address)s") % named
    if to.leads == Leads.PART and to.path not in parts:
        return _("The link “%(words)s” leads to no part of this page: #%(address)s") % named
    if to.leads == Leads.BROKEN:
        return _("The link “%(words)s” has an address that no browser understands.") % named
    if to.leads == Leads.OWN_MACHINE:
        return _("The link “%(words)s” leads readers to their own machines.") % named
    return ""


def _parts(article: Article) -> set[str]:
    _body, headings = with_anchors(article.body)
    return {heading.anchor for heading in headings} | _PAGE_PARTS


@dataclass
class _Wanted:
    """What the paths of a text lead to: path -> what identifies the row."""

    articles: dict[str, tuple[date, str]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)


def _alive(paths: set[str], page: str) -> set[str]:
    """Return those of the paths that readers find a page at; one query for each kind of page."""
    wanted, alive = _Wanted(), {page} & paths
    for path in paths - alive:
        if _is_file(path) or _sort(path, _match(path), wanted):
            alive.add(path)
    if wanted.articles:
        slugs = {slug for _day, slug in wanted.articles.values()}
        public = Article.objects.published(found=True).filter(slug__in=slugs).order_by()
        alive |= _having(wanted.articles, public.values_list("published_on", "slug"))
    if wanted.sections:
        slugs = set(wanted.sections.values())
        alive |= _having(wanted.sections, _slugs(Section.objects.filter(slug__in=slugs)))
    if wanted.authors:
        slugs = set(wanted.authors.values())
        alive |= _having(wanted.authors, _slugs(Author.objects.filter(slug__in=slugs)))
    if wanted.tags:
        slugs = set(wanted.tags.values())
        alive |= _having(wanted.tags, _slugs(Tag.objects.filter(slug__in=slugs)))
        former = {path: slug for path, slug in wanted.tags.items() if path not in alive}
        if former:
            names = FormerTagName.objects.filter(slug__in=former.values())
            alive |= _having(former, _slugs(names))
    if dead := paths - alive:
        # A moved page is found; one that is "gone" is not.
        old = {f"{path.rstrip('/')}/" for path in dead} | dead
        moved = Redirect.objects.filter(old_path__in=old).exclude(new_path="")
        known = set(moved.values_list("old_path", flat=True))
        alive |= {path for path in dead if known & {path, f"{path}/"}}
    return alive


def _is_file(path: str) -> bool:
    """Whether a path is that of a stored file, which another server may answer for."""
    folders = (settings.STATIC_URL, settings.MEDIA_URL)
    return any(path.startswith(folder) for folder in folders if len(folder.strip("/")) > 0)


def _match(path: str) -> ResolverMatch | None:
    """What answers at a path, with the slash behind it that the site would add."""
    for tried in (path, f"{path}/"):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def _sort(path: str, match: ResolverMatch | None, wanted: _Wanted) -> bool:
    """Put a path among the rows to ask for; True for an open page that needs no row."""
    if match is None or _CLOSED & {*match.namespaces, match.url_name}:
        return False
    values, name = match.kwargs, match.url_name or ""
    if "articles" not in match.namespaces:
        return True
    try:
        day = date(values.get("year", 1), values.get("month", 1), values.get("day", 1))
    except ValueError:
        return False
    slug = values.get("slug")
    if slug is None:
        return True
    if "day" in values:
        wanted.articles[path] = (day, slug)
        return False
    kind = name.partition("_")[0]
    rows = {"section": wanted.sections, "tag": wanted.tags, "author": wanted.authors}.get(kind)
    if rows is None:
        return True
    rows[path] = slug
    return False


def _slugs(rows: object) -> Iterable[str]:
    return rows.values_list("slug", flat=True)


def _having(wanted: dict[str, object], there: Iterable[object]) -> set[str]:
    known = set(there)
    return {path for path, key in wanted.items() if key in known}
