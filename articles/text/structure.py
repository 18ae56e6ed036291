"""What figures, pull quotes and notes of a body may be made of.

The sanitiser knows which elements are allowed, not which belong together. Here each figure,
pull quote and note is put into its one shape, and what is in a wrong place is unwrapped. It
reads what the sanitiser wrote, which is well-formed, so it needs no parser of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_VOID = frozenset({"br", "hr", "img"})
#: Only a body that holds one of these is looked at.
_SHAPED = re.compile(r"<(?:figure|figcaption|img|aside|sup class)\b")
#: Where the site's own pictures lie: the settings' MEDIA_URL, which this floor does not know.
OWN_MEDIA = "/media/"
#: What may stand in a line; a caption holds nothing else.
INLINE = frozenset({"strong", "em", "s", "sub", "sup", "a", "cite", "br"})


@dataclass
class _Element:
    """An element as written: its tag, its attributes, and its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[_Element | str]" = field(default_factory=list)

    def write(self) -> str:
        inner = "".join(_written(child) for child in self.children)
        if not self.tag:
            return inner
        attributes = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        end = "" if self.tag in _VOID else f"{inner}</{self.tag}>"
        return f"<{self.tag}{attributes}>{end}"

    def words(self) -> str:
        """The text of the element, escaped as it stands, white space folded."""
        parts = (
            one if isinstance(one, str) else " " if one.tag == "br" else one.words()
            for one in self.children
        )
        return "".join(parts)

    def within(self, tag: str) -> "Iterator[_Element]":
        for child in self.children:
            if isinstance(child, _Element):
                if child.tag == tag:
                    yield child
                yield from child.within(tag)


def picture_address(uid: str) -> str:
    """Return the address that leads to a picture of the library as it is now."""
    return f"{OWN_MEDIA}pictures/{uid}"


def shaped(body: str) -> str:
    """Return a sanitised body with each figure, pull quote and note in its one shape."""
    if not _SHAPED.search(body):
        return body
    return _Element("", {}, _shape(_read(body).children)).write()


def _written(child: "_Element | str") -> str:
    return child if isinstance(child, str) else child.write()


def _read(body: str) -> _Element:
    root = _Element("")
    open_ones = [root]
    for is_end, tag, attributes, text in _TOKEN.findall(body):
        if text:
            open_ones[-1].children.append(text)
        elif is_end:
            while len(open_ones) > 1 and open_ones.pop().tag != tag:
                pass
        else:
            element = _Element(tag, dict(_ATTRIBUTE.findall(attributes)))
            open_ones[-1].children.append(element)
            if tag not in _VOID:
                open_ones.append(element)
    return root


def _shape(children: "list[_Element | str]") -> "list[_Element | str]":
    found: list[_Element | str] = []
    for child in children:
        if isinstance(child, str):
            found.append(child)
        elif child.tag == "figure":
            found += _figure(child)
        elif child.tag == "img":
            continue
        elif child.tag == "figcaption" or (
            child.tag == "aside" and child.attributes.get("class") != "pullquote"
        ):
            found += _shape(child.children)
        elif child.tag == "sup" and child.attributes.get("class") == "footnote":
            found.append(_Element("sup", {"class": "footnote"}, [child.words()]))
        else:
            child.children = _shape(child.children)
            found.append(child)
    return found


def _figure(figure: _Element) -> "list[_Element | str]":
    """A picture or an embed in its shape; any other figure is unwrapped."""
    picture, address = (figure.attributes.get(name) for name in ("data-picture", "data-embed"))
    images = [image for image in figure.within("img") if image.attributes.get("src")]
    if picture and images:
        known = ("src", "alt", "width", "height")
        # The uid alone says which picture it is: it shows as it is now, whatever replaces it.
        given = {"alt": "", **images[0].attributes, "src": picture_address(picture)}
        image = _Element("img", {name: given[name] for name in known if name in given})
        children: list[_Element | str] = [image]
        for caption in list(figure.within("figcaption"))[:1]:
            inner = _inline(_shape(caption.children))
            if "".join(_written(child) for child in inner).strip():
                children.append(_Element("figcaption", {}, inner))
        return [_Element("figure", {"data-picture": picture}, children)]
    if address:
        title = " ".join(figure.words().split()) or address
        link = _Element("a", {"href": address}, [title])
        return [_Element("figure", {"class": "embed", "data-embed": address}, [link])]
    return _shape(figure.children)


def _inline(children: "list[_Element | str]") -> "list[_Element | str]":
    """Unwrap all blocks."""
    found: list[_Element | str] = []
    for child in children:
        if isinstance(child, _Element) and child.tag not in INLINE:
            found += _inline(child.children)
        else:
            if isinstance(child, _Element):
                child.children = _inline(child.children)
            found.append(child)
    return found
