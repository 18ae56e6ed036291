"""The body's editor in a real browser: what it makes, what it takes in, what readers get."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.text.html import clean_body
from tests.chance import examples
from tests.factories import make_article, make_person
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CLIPBOARDS = Path(__file__).parents[1] / "text/paste"
UID = "0b9c1f2e-7a54-4f0e-9d1b-3c2f1a5e6d70"
EVERYTHING = (
    '<h2>A</h2><p>b <strong>c</strong> <em>d</em> <a href="https://x.example/?a=1&amp;b=2">e</a>'
    '<sup class="footnote">Report &amp; annex, p. 3</sup> H<sub>2</sub>O x<sup>2</sup> <s>f</s></p>'
    '<aside class="pullquote"><p>Nobody counted them.</p></aside>'
    '<ul><li><p>g</p><ol start="3" type="a"><li><p>h</p></li></ol></li></ul>'
    "<blockquote><p>i <cite>Ada Holm</cite></p></blockquote>"
    f'<figure data-picture="{UID}"><img src="/media/pictures/{UID}" alt="A &quot;boat&quot;" '
    'width="16" height="9"><figcaption>j <cite>Jonas Lind</cite></figcaption></figure>'
    '<figure class="embed" data-embed="https://youtu.be/abc123def45">'
    '<a href="https://youtu.be/abc123def45">The vote</a></figure>'
    '<table><tbody><tr><th colspan="2"><p>k</p></th></tr><tr><td><p>l</p></td><td><p>m</p></td>'
    "</tr></tbody></table><hr><h3>n</h3><p>o<br>p&nbsp;q</p>"
)
#: Builds a random document from the editor's own rules, and returns its HTML and that of the
#: document which the HTML is read back to.
GROW = """
([seed, number]) => {
  const { editor, textarea } = window.desk;
  const { schema } = editor;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const any = (list) => list[Math.floor(random() * list.length)];
  const words = () =>
    any(["Pilots", "a < b & c > d", '“yes”, "no"', "é 漢字 שלום", "10\\u00a0km", "it’s 'x'", "x"]);
  const attributes = {
    heading: () => ({ level: any([2, 3, 4]) }),
    orderedList: () => ({ start: any([1, 1, 7]), type: any([null, "a", "A", "i", "I"]) }),
    picture: () => ({ picture: "%s", src: "/media/pictures/%s", alt: words(),
                      width: any([null, 640]), height: 9 }),
    embed: () => ({ address: "https://x.example/?a=1&b=" + Math.floor(random() * 9),
                    title: any(["", words()]) }),
    footnote: () => ({ text: words() }),
  };
  const dress = (type) => {
    const all = Object.values(schema.marks).filter((one) => type.allowsMarkType(one));
    let marks = [];
    while (random() < 0.35 && all.length) {
      const one = any(all);
      const given = one.name === "link" ? { href: any(["/latest/", "mailto:a@b.example"]) } : null;
      marks = one.create(given).addToSet(marks);
    }
    return marks;
  };
  const grow = (type, depth) => {
    if (type.isText) return null;
    let match = type.contentMatch;
    const content = [];
    for (let i = 0; i < 5 && match.edgeCount; i++) {
      if (match.validEnd && random() < 0.2) break;
      const edges = Array.from({ length: match.edgeCount }, (_, n) => match.edge(n));
      const small = edges.filter(({ type }) => type.isText || type.isLeaf || type.isTextblock);
      const { type: next, next: after } = any(depth > 3 && small.length ? small : edges);
      content.push(
        next.isText ? schema.text(words(), dress(type)) : grow(next, depth + 1),
      );
      match = after;
    }
    return type.createAndFill(attributes[type.name]?.(), content) ?? type.createAndFill();
  };
  const write = (content) => {
    editor.commands.setContent(content, { emitUpdate: true });
    textarea.dispatchEvent(new Event("prose-editor:flush"));
    return textarea.value;
  };
  return Array.from({ length: number }, () => {
    const html = write(grow(schema.topNodeType, 0).toJSON());
    return [html, write(html)];
  });
}
""".replace("%s", UID)


def open_body(page: Page, path: str = "/admin/articles/article/add/") -> None:
    """Open a form and keep its editor at hand."""
    page.add_init_script(
        "document.addEventListener('prose-editor:ready', ({detail}) => { window.desk = detail })"
    )
    page.goto(path)
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()


def stored(page: Page) -> str:
    # The editor takes the focus back in the browser's next frame.
    page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 50))")
    page.locator("#id_body").dispatch_event("prose-editor:flush")
    return page.locator("#id_body").input_value()


def paste(page: Page, kind: str, content: str) -> None:
    page.evaluate(
        """([kind, content]) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData(kind, content);
          const options = { clipboardData, bubbles: true, cancelable: true };
          window.desk.editor.view.dom.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        [kind, content],
    )


def test_what_the_editor_makes_and_takes_in_is_stored_to_the_letter(page):
    page.route("**/media/**", lambda route: route.fulfill(content_type="image/svg+xml", body=SVG))
    let_in(page, make_person("editor"))
    open_body(page)
    write = "html => window.desk.editor.commands.setContent(html, { emitUpdate: true })"
    page.evaluate(write, EVERYTHING)
    assert stored(page) == EVERYTHING == clean_body(EVERYTHING)

    for seed in (7, 2026):
        for html, again in page.evaluate(GROW, [seed, examples(12)]):
            assert clean_body(html) == html == again

    for source in sorted(CLIPBOARDS.glob("*[!d].html")) + sorted(CLIPBOARDS.glob("*.txt")):
        if source.stem.endswith(".expected"):
            continue
        expected = (CLIPBOARDS / f"{source.stem}.expected.html").read_text().replace("\n", "")
        found = page.evaluate(
            """async ([name, source]) =>
              (await import("/static/articles/admin/editor/paste.js"))[name](source)""",
            ["cleanHtml" if source.suffix == ".html" else "cleanText", source.read_text()],
        )
        assert (source.name, found) == (source.name, expected)
        assert clean_body(expected) == expected
        # The editor itself takes it as it is.
        page.evaluate(write, "")
        page.get_by_role("textbox", name="Body").focus()
        paste(page, "text/html" if source.suffix == ".html" else "text/plain", source.read_text())
        assert (source.name, stored(page)) == (source.name, expected)


def test_a_writer_makes_a_story_of_more_than_words(page):
    make_article("Night buses keep running", slug="night-buses")
    story = make_article("Pilots vote")
    page.route(
        "**/admin/picker.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=f"""const one = {{uid: "{UID}", url: "/media/pictures/{UID}",
              width: 16, height: 9, alt: "A boat", caption: "Off the mole.", credit: "Jonas Lind"}};
              export const pickPicture = async () => one;
              export const uploadPictures = async (files) => files.map(() => one);""",
        ),
    )
    page.route("**/media/**", lambda route: route.fulfill(content_type="image/svg+xml", body=SVG))
    page.route("**/lookup/page/", lambda route: route.fulfill(json={"title": "The vote, filmed"}))
    page.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: route.fulfill(content_type="text/html", body="<title>x</title><p>film"),
    )
    let_in(page, make_person("editor"))
    open_body(page, f"/admin/articles/article/{story.pk}/change/")
    page.evaluate("() => window.desk.editor.commands.setContent('', { emitUpdate: true })")
    body = page.get_by_role("textbox", name="Body")
    body.click()

    # Words, a note, and back to the words by Escape.
    page.keyboard.type("Pilots vote")
    insert = page.get_by_role("button", name="Insert", exact=True)
    insert.click()
    page.get_by_role("menuitem", name="Note").click()
    page.keyboard.type("Letter, p. 2, https://union.example/a")
    page.keyboard.press("Escape")
    page.keyboard.type(" on buses. Pilots rest.")

    # A link to a story of ours, found by its words.
    page.evaluate("""() => {
      const { editor } = window.desk;
      editor.state.doc.descendants((node, at) => {
        const from = node.text?.indexOf("buses") ?? -1;
        if (from >= 0) editor.commands.setTextSelection({ from: at + from, to: at + from + 5 });
      });
    }""")
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("combobox", name="Words of a headline").fill("Night buses")
    expect(page.get_by_role("option", name="Night buses keep running")).to_be_visible()
    page.keyboard.press("Enter")
    assert '/night-buses/">buses</a>' in stored(page)

    # An address on a line of its own may become an embed.
    page.keyboard.press("ControlOrMeta+End")
    stored(page)
    page.keyboard.press("Enter")
    paste(page, "text/plain", "https://www.youtube.com/watch?v=abc123def45&utm_source=x")
    page.get_by_role("button", name="Show as an embed").click()
    expect(page.get_by_role("textbox", name="Title of the embed")).to_have_value("The vote, filmed")

    # A picture dropped into the text, and what is said about it where it stands.
    page.evaluate("""() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "boat.png", { type: "image/png" }));
      const { dom } = window.desk.editor.view;
      const { left, bottom } = dom.lastElementChild.getBoundingClientRect();
      const at = { clientX: left + 5, clientY: bottom - 5, bubbles: true, cancelable: true };
      dom.dispatchEvent(new DragEvent("drop", { dataTransfer, ...at }));
    }""")
    page.get_by_role("textbox", name="Alt text").fill("A pilot boat")
    page.get_by_role("textbox", name="Alt text").press("Enter")
    page.keyboard.type("At dawn, ")

    # Every "pilots" but the first becomes another word.
    page.keyboard.press("ControlOrMeta+Shift+f")
    page.get_by_label("Match case").check()
    page.get_by_label("Find", exact=True).fill("Pilots")
    expect(page.locator(".find__count")).to_have_text("1 / 2")
    page.keyboard.press("Enter")
    page.get_by_label("Replace with").fill("Mates")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    stored(page)

    # A table; the toolbar is one stop for the keyboard.
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_label("Style of the paragraph")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("Escape")
    insert.click()
    page.get_by_role("menuitem", name="Table").click()
    page.get_by_role("button", name="Insert", exact=True).last.click()
    expect(page.locator(".ProseMirror th").first).to_be_visible()
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("Year")
    html = stored(page)
    assert clean_body(html) == html
    for part in (
        '<p>Pilots vote<sup class="footnote">Letter, p. 2, https://union.example/a</sup> on <a',
        "</a>. Mates rest.</p>",
        '<figure class="embed" data-embed="https://www.youtube.com/watch?v=abc123def45">'
        '<a href="https://www.youtube.com/watch?v=abc123def45">The vote, filmed</a></figure>',
        f'<figure data-picture="{UID}"><img src="/media/pictures/{UID}" alt="A pilot boat" '
        'width="16" height="9"><figcaption>At dawn, Off the mole. <cite>Jonas Lind</cite>',
        "<th><p>Year</p></th>",
    ):
        assert part in html

    # What readers get of it: nothing from elsewhere before they ask.
    Article.objects.filter(pk=story.pk).update(body=html)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(story.get_absolute_url())
    page.get_by_role("link", name="Note 1", exact=True).click()
    expect(page.locator("#note_1")).to_contain_text("Letter, p. 2")
    expect(page.locator("#note_1").get_by_role("link").first).to_have_text(
        "https://union.example/a"
    )
    assert not any("youtube" in address for address in asked)
    page.get_by_role("button", name="Show the content from YouTube").click()
    expect(page.frame_locator(".embed__frame").get_by_text("film")).to_be_visible()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>'
