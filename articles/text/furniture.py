"""Words of a web page that are not its story, left in a body: share bars, adverts, "read more".

The importers' vocabulary decides with the lines around; here one block has to be enough, so the
list is short and sure: what is in it stands alone, or begins a line that is no sentence.
"""

import re
import unicodedata

from articles.text.bodies import Block
from articles.text.sentences import ends_sentence

#: A block that is no more than this. `#` is a number.
_ALONE = """
advertisement | advertisements | ad | advert | sponsored | sponsored content | promoted content |
ad feedback | story continues below advertisement | article continues below advertisement |
share this | share | share on | share article | share via email | tweet | tweet this |
copy link | link copied | print | print this page | print this article | email this |
save for later | read more | read more here | continue reading | keep reading | click here |
click here to read more | learn more | find out more | show more | load more | see more |
view all | see all | back to top | related | related news | related posts | related stories |
related articles | related topics | related content | related links | related tags |
you may also like | you might also like | you may also be interested in | more from us |
more stories | more news | more like this | recommended | recommended for you |
recommended reading | most read | most popular | trending | trending now | popular posts |
popular news | latest news | lastest news | latest posts | lastest posts | lastest |
recent posts | recent comments | up next | next article | previous article | previous post |
next post | post navigation | leave a comment | leave a reply | post a comment | post comment |
cancel reply | no comments | no comments yet | comments are closed | # comments | # comment |
# views | # shares | # likes | # reads | # min read | # minute read | # mins read | follow us |
follow us on | subscribe | subscribe now | sign up | sign up now | sign in | log in | login |
register now | newsletter | our newsletter | chat now | chat with us | chat to us |
request a quote | get a quote | get a free quote | contact us | contact us today | book now |
buy now | shop now | order now | add to cart | learn more now | get started | download now |
all rights reserved | skip to content | skip to main content | toggle navigation | main menu |
accept cookies | accept all cookies | cookie settings | privacy policy | terms of use |
terms and conditions | loading | please wait | play video | watch video |
video player is loading | image source | photo gallery | view gallery | table of contents |
in this article | object object | anzeige | werbung | werbeanzeige | weiterlesen | mehr lesen |
mehr erfahren | artikel teilen | beitrag teilen | teilen | drucken | link kopieren |
das könnte sie auch interessieren | das könnte dich auch interessieren | auch interessant |
ähnliche artikel | verwandte artikel | mehr zum thema | meistgelesen | neueste beiträge |
kommentar schreiben | # kommentare | alle rechte vorbehalten | jetzt anmelden |
jetzt abonnieren | newsletter abonnieren | nach oben | publicité | lire la suite | lire aussi |
à lire aussi | en savoir plus | partager | partager cet article | articles similaires |
sur le même sujet | à découvrir aussi | les plus lus | dernières actualités |
laisser un commentaire | # commentaires | tous droits réservés | s abonner | je m abonne |
s inscrire | haut de page | publicidad | leer más | seguir leyendo | ver más | compartir |
compartir este artículo | te puede interesar | también te puede interesar |
artículos relacionados | noticias relacionadas | lo más leído | últimas noticias |
deja un comentario | # comentarios | todos los derechos reservados | suscríbete | suscribirse |
pubblicità | leggi anche | leggi tutto | continua a leggere | condividi | articoli correlati |
potrebbe interessarti | potrebbe interessarti anche | i più letti | ultime notizie |
lascia un commento | # commenti | tutti i diritti riservati | iscriviti | publicidade |
leia mais | leia também | saiba mais | compartilhar | compartilhe | artigos relacionados |
notícias relacionadas | mais lidas | últimas notícias | deixe um comentário |
todos os direitos reservados | continua após a publicidade | advertentie | lees meer | lees ook |
lees verder | deel dit artikel | gerelateerde artikelen | meest gelezen | laatste nieuws |
alle rechten voorbehouden | reageer | annons | läs mer | läs också | dela artikeln | mest läst |
relaterade artiklar | annonce | læs mere | læs også | del artiklen | mest læste |
alle rettigheder forbeholdes | annonse | les mer | les også | mainos | lue lisää | lue myös |
reklama | czytaj więcej | czytaj dalej | czytaj też | czytaj także | zobacz także | udostępnij |
powiązane artykuły | najczęściej czytane | wszelkie prawa zastrzeżone | dodaj komentarz |
číst více | čtěte také | sdílet | související články | inzerce | všechna práva vyhrazena |
hirdetés | tovább olvasom | kapcsolódó cikkek | publicitate | citește mai mult | citește și |
реклама | читать далее | читать дальше | читать полностью | читайте также | поделиться |
по теме | похожие статьи | похожие новости | самое читаемое | последние новости |
оставить комментарий | все права защищены | подписаться | # комментариев | # просмотров |
читати далі | читайте також | поділитися | схожі статті | усі права захищені | reklam |
devamını oku | ilgili haberler | paylaş | en çok okunanlar | son haberler |
tüm hakları saklıdır | yorum yap | διαφήμιση | διαβάστε περισσότερα | διαβάστε επίσης |
σχετικά άρθρα | κοινοποίηση | με επιφύλαξη παντός δικαιώματος | إعلان | اقرأ المزيد | اقرأ أيضا |
اقرأ أيضاً | مواضيع ذات صلة | شارك | شارك المقال | مشاركة | الأكثر قراءة | جميع الحقوق محفوظة |
أخبار ذات صلة | פרסומת | קרא עוד | קראו עוד | קראו גם | שתפו | שיתוף | כתבות נוספות |
כתבות קשורות | הנקראות ביותר | כל הזכויות שמורות | אולי יעניין אותך | विज्ञापन | और पढ़ें |
यह भी पढ़ें | शेयर करें | संबंधित खबरें | सर्वाधिकार सुरक्षित | 广告 | 廣告 | 阅读更多 | 閱讀更多 | 阅读全文 |
查看更多 | 分享 | 分享到 | 相关阅读 | 相關閱讀 | 相关新闻 | 相关文章 | 推荐阅读 | 延伸閱讀 |
热门文章 | 最新文章 | 版权所有 | 发表评论 | 上一篇 | 下一篇 | 広告 | スポンサーリンク |
続きを読む | もっと見る | 関連記事 | 関連ニュース | あわせて読みたい | おすすめ記事 | 人気記事 |
最新記事 | シェアする | コメントを残す | 無断転載を禁じます | 광고 | 더 보기 | 더보기 |
관련 기사 | 관련기사 | 관련 뉴스 | 공유하기 | 많이 본 뉴스 | 무단전재 및 재배포 금지
"""
#: How a block begins that is no sentence and not longer than a line.
_BEGINNING = """
share this post | share this article | share this story | share this page | share this on |
share on facebook | share on twitter | share on whatsapp | share on linkedin | share on x |
share via | request a quote | get a quote | get a free quote | chat to us | chat with us |
contact us on whatsapp | call us today | whatsapp us | follow us on | like us on |
find us on facebook | join our telegram | join our whatsapp | subscribe to our |
subscribe to the newsletter | sign up for our | sign up to our | join our newsletter |
enter your email | your email address | click here to | click here for | tap here to |
read more about | read also | also read | read next | read the full story | read full article |
see also | related article | related story | related post | more on this story |
you may also like | you might also like | recommended for you | filed under | leave a reply |
already a subscriber | already have an account | photo credit | image credit |
scroll to continue | story continues | article continues | artikel teilen | jetzt teilen |
folgen sie uns | folge uns auf | abonnieren sie unseren | melden sie sich für | lesen sie auch |
lesen sie mehr | lesen sie hier | hier geht es zu | lire aussi | à lire aussi | partager sur |
suivez nous | abonnez vous | inscrivez vous à | lee también | lea también | leer también |
síguenos en | suscríbete a | comparte en | compartir en | leggi anche | seguici su |
iscriviti alla | condividi su | leia também | siga nos | inscreva se | lees ook | volg ons op |
schrijf je in | läs också | följ oss på | læs også | les også | czytaj też | czytaj także |
zobacz też | śledź nas | zapisz się | čtěte také | sledujte nás | читайте также |
смотрите также | подписывайтесь на | подпишитесь на | поделиться в | читайте також |
підписуйтесь на | підписуйтеся на | bizi takip edin | اقرأ أيضا | اقرأ أيضاً | تابعونا على |
تابعنا على | קראו גם | עקבו אחרינו | यह भी पढ़ें
"""
#: How a block begins that is furniture even as a sentence, of any length below a paragraph's.
_SENTENCES = """
we use cookies | this site uses cookies | this website uses cookies |
by continuing to use this site | by signing up you agree |
your email address will not be published | please enable javascript |
sign up for our newsletter | subscribe to our newsletter | join our whatsapp channel |
this article contains affiliate links | did you find this article useful |
was this article helpful | wir verwenden cookies | diese website verwendet cookies |
abonnieren sie unseren newsletter | nous utilisons des cookies | ce site utilise des cookies |
abonnez vous à notre newsletter | utilizamos cookies | este sitio utiliza cookies |
suscríbete a nuestro boletín | questo sito utilizza cookie | questo sito utilizza i cookie |
iscriviti alla nostra newsletter |
usamos cookies | мы используем cookie | мы используем файлы cookie | подписывайтесь на наш |
подпишитесь на наш
"""
_NETWORKS = frozenset(
    "facebook twitter x whatsapp telegram linkedin pinterest reddit email e-mail mail instagram "
    "threads bluesky mastodon youtube tiktok messenger viber vk flipboard tumblr xing sms".split()
)
_ACTIONS = frozenset(
    "share tweet print copy link post save like follow pin teilen drucken partager imprimer "
    "compartir imprimir condividi stampa on via us".split()
)
_LONGEST_LINE, _LONGEST_SENTENCE = 14, 60


def _table(text: str) -> frozenset[str]:
    return frozenset(_key(phrase) for phrase in text.split("|"))


def _key(text: str) -> str:
    """Return a line as it is looked up: small letters, `#` for numbers, nothing but words."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join("#" if word.isdigit() else word for word in _WORD.findall(folded))


#: Words with their marks: the vowel signs of Hindi are no letters to `\w`.
_WORD = re.compile(r"#|(?:\w|(?<=\w)[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u064b-\u0652])+")
_ALONE_KEYS, _BEGINNINGS, _SENTENCE_BEGINNINGS = map(_table, (_ALONE, _BEGINNING, _SENTENCES))
_MOST_WORDS = max(len(key.split()) for key in _BEGINNINGS | _SENTENCE_BEGINNINGS)
#: Headings that are stories' own, too: "Newsletter" over a paragraph about one.
_FINE_AS_HEADING = _table(
    "share | print | newsletter | related | subscribe | register now | trending | contact us | ad |"
    "recommended | privacy policy | login | comments | loading | reklama | реклама | publicité |"
    "publicidad | pubblicità | werbung | advertisement | advertisements | teilen | partager |"
    "advert | most popular | our newsletter | most read | по теме | photo gallery | see more |"
    "annonce | mainos | sponsored | in this article | 广告 | 廣告 | 広告 | 광고 | 分享"
)
#: Items of a list may be called like this: "Facebook", "Privacy policy", "Advertisement".
_FINE_AS_ITEM = _FINE_AS_HEADING | _table(
    "terms of use | terms and conditions | sign in | log in | # shares | # comments | # likes |"
    "# views | # reads"
)

_LONE_SIGN = re.compile(r"[-–•·×✕✖|›»‹«>/\\_+]{1,3}")
#: "Alex Braham - Nov 15, 2025 63 Views -": how lists of other stories end their lines.
_COUNTED = re.compile(
    r"\s[-–|•·]\s.*\d[\d.,]*[kKmM]?\s(?:views?|comments?|Aufrufe|Kommentare|vues|vistas|"
    r"comentarios|visualizzazioni|visualizações|просмотр(?:а|ов)?)\s?[-–|•·]?$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^(?:copyright\s?)?(?:©|\(c\)\s?\d{4})|^copyright\s(?:©\s?)?(?:\(c\)\s?)?\d{4}\b(?!\s(?:was|is|will|"
    r"has|law|reform|act)\b)"
    r"|all rights reserved[.!]?$|alle rechte vorbehalten\.?$|tous droits réservés\.?$"
    r"|todos los derechos reservados\.?$|все права защищены\.?$",
    re.IGNORECASE,
)
#: A sign of a button before its words: "× Chat Now", "» Read more".
_BUTTON = re.compile(r"^[×✕✖►▶»›]\s")


def is_furniture(block: Block) -> bool:
    """Whether a block of a body is, or has a line that is, furniture and no part of a story."""
    if block.tag == "li" and not block.text:
        return True
    return any(_is_line(line, block) for line in block.lines)


def _is_line(line: str, block: Block) -> bool:
    if _LONE_SIGN.fullmatch(line):
        return block.tag not in {"td", "th"}
    if len(line) > 400 or line[0] in "“\"„«'‘「":
        return False
    key = _key(line)
    words = key.split()
    if not words:
        return False
    if key in _ALONE_KEYS:
        return _stands_alone(key, block)
    if len(words) <= _LONGEST_LINE:
        if _BUTTON.match(line) and block.tag == "p" and len(words) <= 4:
            return not ends_sentence(line)
        if _COUNTED.search(line) and block.tag not in {"td", "th"} and len(words) >= 4:
            return not ends_sentence(line)
        if _is_share_bar(words, block) or _COPYRIGHT.search(line):
            return True
        # With a link it is an editor's way to another story.
        if not block.links and not ends_sentence(line) and _begins(words, _BEGINNINGS):
            return block.tag not in {"td", "th"}
    return len(words) <= _LONGEST_SENTENCE and _begins(words, _SENTENCE_BEGINNINGS)


def _stands_alone(key: str, block: Block) -> bool:
    if block.tag in {"td", "th"}:
        return False
    if block.tag == "li":
        return key not in _FINE_AS_ITEM
    return block.tag == "p" or key not in _FINE_AS_HEADING


def _begins(words: list[str], beginnings: frozenset[str]) -> bool:
    return any(" ".join(words[:n]) in beginnings for n in range(2, _MOST_WORDS + 1))


def _is_share_bar(words: list[str], block: Block) -> bool:
    """Names of networks and what one does there, and nothing else: "Tweet Facebook Email"."""
    if block.tag != "p" or len(words) < 2 or not all(w in _NETWORKS | _ACTIONS for w in words):
        return False
    return len(_NETWORKS & set(words)) >= 2 or words[0] in {"share", "tweet", "teilen", "partager"}
