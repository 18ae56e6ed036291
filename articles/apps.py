"""The wiring: derived data that follows every write, and who hears of the desk's announcements."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import transaction
from django.db.models.signals import (
    post_delete,
    post_migrate,
    post_save,
    pre_delete,
    pre_migrate,
    pre_save,
)

#: Articles that are read into the index of search for each row that somebody saves, who waits for
#: it: those that were written last.
INDEXED_AT_ONCE = 5


class ArticlesConfig(AppConfig):
    """Connects the floors: news travels upwards only through the signals named here."""

    name = "articles"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from articles import websub
        from articles.editorial.checks import configuration_errors
        from articles.editorial.signals import article_moved, neighbours_changed
        from articles.models import Article, Image, RelatedLink, Translation
        from articles.pagecache import dropping, purging
        from articles.pagecache.changes import SHOWN, hear, hear_of_deleted
        from articles.renditions.checks import missing_fonts

        # A checker that settings name wrongly is told when the site starts, not when it publishes.
        register(configuration_errors)
        register(missing_fonts, deploy=True)
        # `raw` (loaddata) is not an exception anywhere here: a fixture bypasses save(), and its
        # rows need their derived columns like all others.
        for model in (Article, RelatedLink, Translation):
            pre_save.connect(derive, sender=model, dispatch_uid=f"derive-{model.__name__}")
        pre_save.connect(fetch_seeded_picture, sender=Image, dispatch_uid="seeded-picture")
        post_save.connect(renew_renditions, sender=Image, dispatch_uid="renditions")
        post_delete.connect(drop_files, sender=Image, dispatch_uid="dropped-picture")
        article_moved.connect(make_card, sender=Article, dispatch_uid="card")
        post_save.connect(follow_language, sender=Article, dispatch_uid="follow-language")
        post_migrate.connect(ensure_roles, sender=self, dispatch_uid="roles")
        post_migrate.connect(install_lists, sender=self, dispatch_uid="listed-triggers")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="related-triggers")
        pre_delete.connect(note_lists, sender=Article, dispatch_uid="related-deleted")
        neighbours_changed.connect(drop_pages_with, sender=Article, dispatch_uid="neighbours")
        # Whatever a public page shows raises the edition, and drops the pages that show it; a start
        # raises it, too: it may bring another version of the software or other settings.
        for model in SHOWN:
            post_save.connect(hear, sender=model, dispatch_uid=f"shown-{model.__name__}")
            post_delete.connect(
                hear_of_deleted, sender=model, dispatch_uid=f"shown-{model.__name__}"
            )
        if front := purging.of_site():
            dropping.listeners.append(purging.Purges(front).changed)
        post_migrate.connect(raise_edition_at_start, sender=self, dispatch_uid="edition")
        article_moved.connect(websub.announce, dispatch_uid="websub")
        # The database itself notes what the index of search has to read again; these only say
        # when to look.
        pre_migrate.connect(stop_indexing, sender=self, dispatch_uid="index-aside")
        post_migrate.connect(prepare_index, sender=self, dispatch_uid="index")
        for model in SHOWN:
            for moved in (post_save, post_delete):
                moved.connect(index_soon, sender=model, dispatch_uid=f"index-{model.__name__}")


def derive(sender: Any, instance: Any, **kwargs: Any) -> None:
    instance.derive()


def fetch_seeded_picture(sender: Any, instance: Any, raw: bool, **kwargs: Any) -> None:
    """A fixture names pictures but cannot hold them: take a missing one from `seeds/pictures`."""
    if raw:
        instance.restore_file()


def renew_renditions(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A changed picture shows nowhere as it was: replaced for good reason, or credited wrongly."""
    from articles.renditions import making

    def renew() -> None:
        instance.drop_renditions(keep=instance.version)
        making.soon(*instance.usual_renditions)

    transaction.on_commit(renew)


def drop_files(sender: Any, instance: Any, **kwargs: Any) -> None:
    from articles.renditions import sweeping

    transaction.on_commit(lambda: sweeping.forget(instance))


def make_card(sender: Any, article: Any, **kwargs: Any) -> None:
    """What readers will share is there before the first of them does."""
    from articles.renditions import making

    if article.is_public:
        pictures = article.picture.usual_renditions if article.picture else []
        making.soon(article.card, *pictures)


def follow_language(sender: Any, instance: Any, **kwargs: Any) -> None:
    from articles.models.translations import follow

    follow(instance)


def ensure_roles(sender: Any, using: str, **kwargs: Any) -> None:
    from articles.editorial.roles import ensure_roles as ensure

    ensure(using)


def install_lists(sender: Any, using: str, **kwargs: Any) -> None:
    from articles.models.listed_triggers import install

    install(using)


def install_triggers(sender: Any, using: str, **kwargs: Any) -> None:
    from articles.related.triggers import install

    install(using)


def note_lists(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Lists that lose a story get another one."""
    from articles.related.work import note_lists_with

    note_lists_with(instance)


def drop_pages_with(sender: Any, articles: set[int], **kwargs: Any) -> None:
    """Pages with other related news than before are made anew."""
    from articles.pagecache.dropping import changed

    changed(lambda change: change.touch(*(("related", pk) for pk in articles)))


def raise_edition_at_start(sender: Any, apps: Any = None, plan: Any = None, **kwargs: Any) -> None:
    from articles.editorial.edition import raise_now
    from articles.pagecache.dropping import drop_everything

    # On the way back to an earlier version there is no such table; emptying tables tells no apps.
    if apps is None or "edition" in apps.all_models["articles"]:
        raise_now()
    # A start alone drops no page that is kept (articles/pagecache/release.py).
    if plan:
        drop_everything()


def stop_indexing(sender: Any, plan: Any = (), **kwargs: Any) -> None:
    """Tables that are about to be altered must not be followed."""
    from articles.search import engine

    if plan:
        engine().step_aside()


def prepare_index(sender: Any, using: str = "default", apps: Any = None, **kwargs: Any) -> None:
    from articles.search import engine

    # On the way back to an earlier version some of the tables that it follows are not there.
    if using == "default" and (apps is None or "taggedarticle" in apps.all_models["articles"]):
        engine().prepare()


def index_soon(sender: Any, **kwargs: Any) -> None:
    from articles.search import engine

    # What somebody else has left is for the clock: nobody waits for more than a few.
    transaction.on_commit(lambda: engine().follow(INDEXED_AT_ONCE, patient=False), robust=True)
