"""What machines ask for by name: robots.txt, llms.txt, the manifest, how to search, the icon."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from articles.conf import absolute, conf
from articles.models import Article, Section
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import newest_stories
from articles.text import markdown
from articles.views.article import text_address
from articles.views.freshness import SETTING, TEXT, public

#: What collects texts for language models, by the names their owners publish. Those that fetch a
#: page because somebody asks about it now (ChatGPT-User, Claude-User) are readers' browsers.
AI_CRAWLERS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot",
    "Claude-SearchBot", "Claude-Web", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler",
    "Diffbot", "DuckAssistBot", "FacebookBot", "Google-CloudVertexBot", "Google-Extended",
    "GPTBot", "ICC-Crawler", "ImagesiftBot", "Kangaroo Bot", "meta-externalagent",
    "OAI-SearchBot", "omgili", "PanguBot", "PerplexityBot", "Timpibot", "Webzio-Extended",
    "YouBot",
)  # fmt: skip
#: How long security.txt is good for, counted from the first of the month that it is asked in.
SECURITY_DAYS = 180


@public(SETTING)
def robots(request: HttpRequest) -> HttpResponse:
    """Who may crawl what; `AI_CRAWLERS=off` shuts out what collects for language models."""
    on_this_page().lists()
    lines = []
    if not settings.AI_CRAWLERS:
        lines = [*(f"User-agent: {name}" for name in AI_CRAWLERS), "Disallow: /", ""]
    lines += [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /beacon/",
        "Disallow: /preview/",
        # The page to search on is one of the site's; what was looked for makes pages without end.
        "Disallow: /search/?",
        "Disallow: /search/suggestions.json",
        "",
        f"Sitemap: {absolute(reverse('articles:sitemap'))}",
        f"Sitemap: {absolute(reverse('articles:news_sitemap'))}",
    ]
    return _plain(lines)


@public(TEXT)
def llms(request: HttpRequest) -> HttpResponse:
    """The site for language models (llmstxt.org); not there where their crawlers are shut out."""
    if not settings.AI_CRAWLERS:
        raise Http404
    on_this_page().lists(newest_stories(conf("FEED_SIZE")), "sections")
    stories = Article.objects.published().for_listing()[: conf("FEED_SIZE")]
    sections = Section.objects.all()
    lines = [
        f"# {markdown.escaped(settings.SITE_NAME)}",
        "",
        f"> {markdown.escaped(settings.SITE_TAGLINE)}",
        "",
        _("Every story is also there as Markdown: its address, with “.md” for the last slash."),
        "",
        "## " + _("Latest stories"),
        "",
        *(_entry(one.headline, text_address(one), one.description) for one in stories),
        "",
        "## " + _("Sections"),
        "",
        *(_entry(one.name, one.get_absolute_url(), one.description) for one in sections),
        "",
        "## " + _("Everything"),
        "",
        _entry(_("Archive"), reverse("articles:archive"), _("All stories by year and month.")),
        _entry(_("Topics"), reverse("articles:tags"), _("All topics from A to Z.")),
        _entry(_("Corrections"), reverse("articles:corrections"), _("What was changed, and why.")),
        _entry("JSON Feed", reverse("articles:site_json"), _("The newest stories, whole.")),
        _entry(_("Sitemap"), reverse("articles:sitemap"), _("Every address.")),
    ]
    return _plain(lines)


@public(SETTING)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to keep the site beside its apps."""
    on_this_page().lists()
    icons = [
        {"src": static(f"articles/icons/{name}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for name, size, purpose in (
            ("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-mask", 512, "maskable"),
        )
    ]  # fmt: skip
    data = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME[:12],
        "description": settings.SITE_TAGLINE,
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("articles:front"),
        "scope": reverse("articles:front"),
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(
        data,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@public(SETTING)
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches here (OpenSearch 1.1)."""
    on_this_page().lists()
    # Longer names are against the rules of the format, and browsers refuse them.
    context = {"short_name": settings.SITE_NAME[:16].strip()}
    return render(
        request,
        "opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@public(SETTING)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon at the one address where browsers look unasked."""
    on_this_page().lists()
    return HttpResponse(_icon(), content_type="image/x-icon")


@public(SETTING)
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); not there until `SECURITY_CONTACT` says."""
    on_this_page().lists()
    if not settings.SECURITY_CONTACT:
        raise Http404
    first = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    on_this_page().ends((first + timedelta(days=32)).replace(day=1).timestamp())
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {first + timedelta(days=SECURITY_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {absolute(reverse('articles:security'))}",
    ]
    return _plain(lines)


@cache
def _icon() -> bytes:
    return Path(finders.find("articles/icons/favicon.ico")).read_bytes()


def _entry(name: str, path: str, about: str) -> str:
    line = f"- {markdown.link(name, absolute(path))}"
    return f"{line}: {markdown.escaped(about)}" if about else line


def _plain(lines: list[str]) -> HttpResponse:
    text = "\n".join(lines) + "\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
