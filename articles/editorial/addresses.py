"""Addresses never die: whoever follows an old one arrives at today's."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

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


def close_address(article: Article, target: str = "") -> None:
    """Make the address of a withdrawn article say "gone", or lead to `target`.

    Older addresses of the article lead there, too.
    """
    old_path = article.get_absolute_url()
    if target == old_path:
        raise ValidationError(_("A withdrawn article cannot lead to itself."))
    Redirect.objects.update_or_create(
        old_path=old_path,
        defaults={"new_path": target, "article": article, "is_automatic": True},
    )
    if target:
        Redirect.objects.filter(new_path=old_path).exclude(old_path=target).update(new_path=target)


def open_address(article: Article) -> None:
    """A page lives at the article's address (again): no redirect stands in its way.

    Its older addresses, which a withdrawal may have led elsewhere, lead to it.
    """
    path = article.get_absolute_url()
    Redirect.objects.filter(old_path=path).delete()
    article.redirects.filter(is_automatic=True).update(new_path=path)


def checked_target(path: str) -> str:
    """Return where a redirect may lead; "" for nowhere. Raises ValidationError.

    `//host` and `/\\\\host` are other sites in a browser's eyes. An address that moved itself is
    followed to its end.
    """
    path = path.strip()
    if not path:
        return ""
    own = path.startswith("/") and not path.startswith(("//", "/\\"))
    if not own and not path.startswith("https://"):
        raise ValidationError(_("An address of this site (/…) or https://…"))
    if len(path) > Redirect._meta.get_field("new_path").max_length:
        raise ValidationError(_("The address is too long."))
    further = Redirect.objects.filter(old_path=path).first()
    return further.new_path if further and further.new_path else path


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
