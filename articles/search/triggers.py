"""What changes a document: the database itself notes the articles that a write touches.

So every write is followed, however it is made: by a form, loaddata, bulk_create, update(), a
shell or plain SQL. Nothing is indexed in the write itself; see `TableEngine.follow`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.models import Article, Author, Byline, FormerTagName, Section, Tag, TaggedArticle
from articles.search.naming import named


@dataclass(frozen=True, slots=True)
class Trigger:
    """event: INSERT, UPDATE or DELETE; columns: of an update; touched: SELECT of article ids.

    `{row}` stands for NEW or OLD.
    """

    name: str
    table: str
    event: str
    columns: tuple[str, ...]
    touched: tuple[str, ...]


_ARTICLE = (
    "headline", "standfirst", "body_text", "language", "section_id", "status", "published_at",
    "embargo_until",
)  # fmt: skip


def triggers() -> Iterator[Trigger]:
    """Yield all triggers that follow the tables a document is made of."""
    byline, tagged = Byline._meta.db_table, TaggedArticle._meta.db_table
    article = Article._meta.db_table
    of_author = "SELECT article_id FROM {byline} WHERE author_id = {row}.id"
    of_tag = "SELECT content_object_id FROM {tagged} WHERE tag_id = {row}.id"
    of_name = "SELECT content_object_id FROM {tagged} WHERE tag_id = {row}.tag_id"
    of_section = "SELECT id FROM {article} WHERE section_id = {row}.id"
    rows = (
        (Article, _ARTICLE, "SELECT {row}.id", True),
        (Byline, ("article_id", "author_id", "position"), "SELECT {row}.article_id", True),
        (TaggedArticle, ("content_object_id", "tag_id"), "SELECT {row}.content_object_id", True),
        (FormerTagName, ("tag_id", "name"), of_name, True),
        (Author, ("name",), of_author, False),
        (Tag, ("name",), of_tag, False),
        (Section, ("name", "slug"), of_section, False),
    )
    for model, columns, touched, comes_and_goes in rows:
        table = model._meta.db_table
        old, new = (
            named(touched, row=row, byline=byline, tagged=tagged, article=article)
            for row in ("OLD", "NEW")
        )
        # What moves from one article to another changes both.
        both = (new,) if model is Article or not comes_and_goes else (old, new)
        yield Trigger(f"search_{table}_update", table, "UPDATE", columns, both)
        if comes_and_goes:
            yield Trigger(f"search_{table}_insert", table, "INSERT", (), (new,))
            yield Trigger(f"search_{table}_delete", table, "DELETE", (), (old,))


def notes_of(trigger: Trigger) -> str:
    """Return the statements by which a trigger notes what was touched."""
    return " ".join(
        named("INSERT INTO {queue} (article) {touched};", touched=touched)
        for touched in trigger.touched
    )
