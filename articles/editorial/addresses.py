"""Addresses never die: whoever follows an old one arrives at today's."""

from django.db import transaction

from articles.models import Article, FormerTagName, Redirect, Tag


@transaction.atomic
def leave_redirect(old_path: str, new_path: str, article: Article | None = None) -> Redirect | None:
    """Lead `old_path` to the page that moved to `new_path`; None when nothing moved.

    Older redirects to `old_path` lead straight to `new_path`, so that no reader goes through a
    chain; a redirect away from `new_path` is dropped, because a page lives there now.
    """
    if not old_path or not new_path or old_path == new_path:
        return None
    Redirect.objects.filter(old_path=new_path).delete()
    Redirect.objects.filter(new_path=old_path).update(new_path=new_path)
    redirect, _created = Redirect.objects.update_or_create(
        old_path=old_path,
        defaults={"new_path": new_path, "article": article, "is_automatic": True},
    )
    return redirect


@transaction.atomic
def keep_former_name(tag: Tag, old_name: str, old_slug: str) -> FormerTagName | None:
    """Remember what a renamed tag was called; None when its address is still the same.

    A former name whose address a tag of today has is dropped: the page comes before its past.
    """
    FormerTagName.objects.filter(slug=tag.slug).delete()
    if not old_slug or old_slug == tag.slug:
        return None
    former, _created = FormerTagName.objects.update_or_create(
        slug=old_slug, defaults={"tag": tag, "name": old_name}
    )
    return former
