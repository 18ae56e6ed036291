"""Pictures between the paragraphs: as the library has them now, in every size and format."""

from articles.models import Image
from articles.pagecache.showing import on_this_page
from articles.text.bodies import Picture, pictures
from articles.text.reading import with_pictures
from articles.views.pieces import picture_of

#: How wide a text's picture is shown (body.css): the text's measure, or the glass of a phone.
SIZES = "(min-width: 46rem) 41rem, calc(100vw - 2.5rem)"


def with_figures(body: str, page: str) -> str:
    """Return `page`, made of a stored body, with its pictures as the library has them.

    One query, or none without pictures.

    The text says which picture, its alt text there and its caption; the library says the file. A
    picture that the library lost keeps its place, with its alt text.
    """
    uids = {picture.uid for picture in pictures(body)}
    if not uids:
        return page
    found = {str(image.uid): image for image in Image.objects.filter(uid__in=uids)}
    if len(found) < len(uids):
        on_this_page().also("new pictures")

    def show(picture: Picture) -> str | None:
        image = found.get(picture.uid)
        if image is None:
            return None
        return picture_of(image, SIZES, alt_of_whole=picture.alt)

    return with_pictures(page, show)
