"""Readers' templates are read in a way of our own, and say what Django's way says."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.safestring import mark_safe

I18N = "{% load i18n %}"
LOCMEM = "django.template.loaders.locmem.Loader"
LIBRARIES = {
    "i18n": "django.templatetags.i18n",
    "reader": "articles.templatetags.reader",
    "static": "django.templatetags.static",
}
BASE = (
    "{% load i18n reader %}<title>{% block title %}{{ site.name }}{% endblock %}</title>"
    "{% standing %}{% url 'articles:latest' %} {{ site.name }}{% endstanding %}"
    "<main>{% block content %}{% translate 'Latest' %}{% endblock %}</main>{{ picture }}"
)


@dataclass
class Story:
    headline: str = "<b>&\"'</b>"
    words: int = 1204567
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)

    def address(self) -> str:
        return "/?a=1&b=2"

    def delete(self) -> str:
        return "deleted"

    delete.alters_data = True

    def with_more(self, more) -> str:
        return more

    @property
    def broken(self) -> str:
        raise AttributeError("inside")


def engine(loader):
    return Engine(loaders=[loader], libraries=LIBRARIES)


def both(pages, name="page.html", **context):
    """What a page says: read our way, and read Django's."""
    plain = (LOCMEM, pages)
    ours = engine(("articles.views.templates.Loader", [plain]))
    django = engine(plain)
    said = []
    for one in (ours, django):
        values = {"site": {"name": "Newsroom"}, "story": Story(), **context}
        said.append(one.get_template(name).render(Context(values)))
    return said


@pytest.mark.parametrize(
    "source",
    [
        "{{ story.headline }}{{ story.words }}{{ story.at }}{{ story.address }}|{{ story.delete }}",
        "{{ story.with_more }}|{{ story.absent }}|{{ absent }}|{{ absent.more }}|{{ rows.1.name }}",
        "{{ rows.0.name|upper }}{{ rows|length }}{{ story.absent|default:story.headline }}",
        "{% for row in rows %}{{ forloop.counter }}{{ row.name }}{% empty %}none{% endfor %}",
        "{% for row in absent %}{{ row }}{% empty %}none{% endfor %}{{ forloop }}",
        "{% if absent %}a{% elif story.words > 5 %}b{% endif %}{% if not here %}d{% endif %}",
        "{% with name=story.headline %}{{ name }}{% endwith %}{{ name }}{{ safe }}{{ call }}",
        I18N + "{% translate 'Latest' as word %}{{ word }}{% translate story.headline %}",
        I18N + "{% translate 'Latest' %}{% blocktranslate %}Latest{% endblocktranslate %}",
        I18N + "{% translate 'By' context 'before the names of the writers' %}",
        I18N + "{% blocktranslate count number=story.words %}{{ number }} story{% plural %}"
        "{{ number }} stories{% endblocktranslate %}",
        "{% url 'articles:latest' %}{% url 'articles:tag' 'b' %}{% url 'articles:tag' slug='b' %}",
        "{% url 'articles:nothing' as gone %}[{{ gone }}]{% url 'articles:latest' as a %}{{ a }}",
        "{% load static %}{% static 'articles/js/site.js' %}{% comment %}no{% endcomment %}",
        "{% autoescape off %}{{ story.headline }}{% endautoescape %}{{ true }}{{ none }}",
        "{% include 'part.html' %}{% include 'part.html' with name='x' %}",
        "{% include 'part.html' with name='y' only %}{{ story.at|date:'c' }}",
        "{% extends 'base.html' %}{% block title %}{{ story.headline }}{% endblock %}",
        "{% extends 'base.html' %}{% block content %}{% with a=1 %}{{ a }}{% endwith %}"
        "{% include 'part.html' %}{% endblock %}",
        "{% extends 'base.html' %}{% load i18n %}{% block content %}"
        "{% translate 'Latest' as picture %}{{ picture }}{% endblock %}",
        "{% extends 'base.html' %}{% block content %}{{ block.super }} and more{% endblock %}",
        "{% extends 'middle.html' %}{% block inner %}mine{{ story.words }}{% endblock %}",
        "{% extends 'middle.html' %}{% block content %}all mine{% endblock %}",
        "{% extends 'middle.html' %}{% block inner %}{{ block.super }}{% endblock %}",
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "he"])
def test_a_page_says_the_same(source, language):
    pages = {
        "page.html": source,
        "base.html": BASE,
        "middle.html": "{% extends 'base.html' %}{% block content %}<{% block inner %}inner"
        "{% endblock %}>{% for row in rows %}{% block row %}{{ row.name }}{% endblock %}"
        "{% endfor %}{% endblock %}",
        "part.html": "[{{ name }}{{ site.name }}{% if name %}!{% endif %}]",
    }
    rows = [{"name": "<i>"}, {"name": "two"}]
    with translation.override(language):
        ours, django = both(
            pages, rows=rows, safe=mark_safe("<br>"), call=lambda: "<u>", true=True, none=None
        )
    assert ours == django


@pytest.mark.parametrize(
    "source", ["{{ story.broken }}", "{% url 'articles:nothing' %}", "{% url 'articles:tag' %}"]
)
def test_what_fails_fails_as_with_django_and_where_it_is_written(source):
    pages = {"page.html": "{% if story %}" + source + "{% endif %}"}
    assert both(pages, story=None) == ["", ""]
    raised = []
    for loader in (("articles.views.templates.Loader", [(LOCMEM, pages)]), (LOCMEM, pages)):
        with pytest.raises((AttributeError, NoReverseMatch)) as caught:
            engine(loader).get_template("page.html").render(Context({"story": Story()}))
        raised.append((caught.type, str(caught.value)))
    assert raised[0] == raised[1]


def test_a_template_that_is_not_there_or_not_right_is_told():
    for name, source, error in (
        ("absent.html", "", TemplateDoesNotExist),
        ("page.html", "{% extends 'absent.html' %}", TemplateDoesNotExist),
        ("page.html", "{% nothing %}", TemplateSyntaxError),
        ("page.html", "{{ a }}{% extends 'page.html' %}", TemplateSyntaxError),
    ):
        with pytest.raises(error):
            both({"page.html": source}, name)


def test_each_language_has_its_words_and_settings_their_say(settings):
    source = "{% load i18n reader %}{% translate 'Latest' %}{% standing %}{{ site.name }}"
    pages = {"page.html": source + "{% endstanding %}"}
    ours = engine(("articles.views.templates.Loader", [(LOCMEM, pages)]))

    def said() -> str:
        return ours.get_template("page.html").render(Context())

    assert said() == "LatestNewsroom"
    with translation.override("de"):
        assert said() == "NeuesteNewsroom"
    assert said() == "LatestNewsroom"
    settings.SITE_NAME = "The <Harbour>"
    assert said() == "LatestThe &lt;Harbour&gt;"


def test_what_is_the_same_on_every_page_is_one_text():
    pages = {
        "page.html": "{% extends 'base.html' %}{% block content %}a{% include 'part.html' only %}"
        "b{% endblock %}",
        "base.html": BASE,
        "part.html": "c",
    }
    ours = engine(("articles.views.templates.Loader", [(LOCMEM, pages)]))
    kinds = [type(node).__name__ for node in ours.get_template("page.html").nodelist]
    assert kinds == ["TextNode", "_Text", "TextNode", "_Included", "TextNode", "_Text"]
