"""Where a link leads is told from its address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.links import Leads, Target, target

SITE = "https://www.news.example"


@pytest.mark.parametrize(
    ("href", "leads", "path"),
    [
        (None, Leads.NOWHERE, ""),
        ("", Leads.NOWHERE, ""),
        (" # ", Leads.NOWHERE, ""),
        ("https://", Leads.NOWHERE, ""),
        ("mailto:", Leads.NOWHERE, ""),
        ("#why-now", Leads.PART, "why-now"),
        ("/latest/?page=2#top", Leads.HERE, "/latest/"),
        ("https://news.example/tag/%D0%BC/", Leads.HERE, "/tag/м/"),
        ("http://www.news.example", Leads.HERE, "/"),
        ("//news.example/latest/", Leads.HERE, "/latest/"),
        ("?page=2", Leads.HERE, "/2026/01/02/pilots/"),
        ("rota", Leads.HERE, "/2026/01/02/pilots/rota"),
        ("https://other.example/latest/", Leads.ELSEWHERE, ""),
        ("https://news.example:8443/", Leads.ELSEWHERE, ""),
        ("mailto:desk@news.example", Leads.ELSEWHERE, ""),
        ("www.other.example/page", Leads.BROKEN, ""),
        ("other.com", Leads.BROKEN, ""),
        ("http://other.example:port/", Leads.BROKEN, ""),
        ("http://[other.example/", Leads.BROKEN, ""),
        ("https:///page", Leads.BROKEN, ""),
        ("/a%00b/", Leads.BROKEN, ""),
        ("http://localhost:8000/latest/", Leads.OWN_MACHINE, ""),
    ],
)
def test_a_link_leads(href, leads, path):
    assert target(href, SITE, "/2026/01/02/pilots/") == Target(leads, path)


def test_a_site_on_its_owners_machine_may_link_to_itself():
    assert target("http://127.0.0.1:8000/latest/", "http://127.0.0.1:8000").leads == Leads.HERE


@given(st.text(max_size=400))
def test_any_address_has_an_answer(href):
    assert target(href, SITE).leads in set(Leads)
