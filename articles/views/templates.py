"""Readers' templates, read so that writing them is little work. What they say stays Django's.

A template is read once for each language, and what follows from language and settings alone is
written into it then: words, addresses of the site, static files, what stands between
`{% standing %}` and `{% endstanding %}`. Blocks and included files are put where they belong at the
same time, so that a page is one list of texts with what is the page's own between them.

Left to Django: the desk's templates, whose language is a person's; the lines of an article's
preview, which say `{{ block.super }}`; and all of it where DEBUG explains a template's faults.
"""

from collections.abc import Iterable
from html import escape
from types import MethodType
from typing import Any

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template import Context, Node, Origin, Template, TemplateDoesNotExist
from django.template.base import (
    FilterExpression,
    Lexer,
    NodeList,
    Parser,
    TextNode,
    Token,
    TokenType,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.models.paths import path_of
from articles.views.pieces import in_each_language
from articles.views.site import names

#: Templates that belong to whoever is signed in.
_OF_THE_DESK = ("admin/", "registration/")
#: Settings that many a test has for itself, and no page shows.
_SHOWN_NOWHERE = frozenset({"BAKE_DIR", "DATA_DIR", "MEDIA_ROOT"})
#: Where a node says the name of a variable that it sets for those behind it.
_SETS = ("asvar", "target_var", "varname", "variable", "var_name")


class Loader(cached.Loader):
    """Finds templates as the loaders it is given do, and keeps them as they were read."""

    _age = 0

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        if self._age != Standing.age:
            # What Django read holds nothing of settings; its names are texts.
            kept = self.get_template_cache.items()
            self.get_template_cache = {name: one for name, one in kept if isinstance(name, str)}
            self._age = Standing.age
        # Only a child that is Django's looks for its parent while it is written.
        if skip is not None or not _is_for_readers(template_name) or self.engine.debug:
            return super().get_template(template_name, skip)
        key = template_name, get_language(), get_script_prefix()
        if (kept := self.get_template_cache.get(key)) is None:
            kept = self.get_template_cache[key] = self.read(template_name, {})
        return kept

    def read(self, name: str, blocks: dict[str, Iterable[Node]]) -> Template:
        """Return the template of a name with its blocks filled. Raises TemplateDoesNotExist."""
        for origin in self.get_template_sources(name):
            try:
                source = self.get_contents(origin)
            except TemplateDoesNotExist:
                continue
            return _Template(source, origin, self, blocks)
        raise TemplateDoesNotExist(name)


def _is_for_readers(name: str) -> bool:
    return name.endswith(".html") and not name.startswith(_OF_THE_DESK)


class Standing(Node):
    """What settings alone decide. Written once for each language, or each time by Django's way."""

    #: Raised when settings change, which they do under a test alone.
    age = 0

    def __init__(self, nodes: NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: Context) -> str:
        return self.nodelist.render(context)


@receiver(setting_changed)
def forget_what_stands(setting: str, **kwargs: Any) -> None:
    if setting not in _SHOWN_NOWHERE:
        Standing.age += 1


class _Template(Template):
    def __init__(
        self, source: str, origin: Origin, loader: Loader, blocks: dict[str, Iterable[Node]]
    ) -> None:
        self._loader, self._blocks = loader, blocks
        super().__init__(source, origin, origin.template_name, loader.engine)

    def compile_nodelist(self) -> NodeList:
        parser = _Parser(self, self._loader, self._blocks)
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class _Parser(Parser):
    """Reads a template, and at once writes what is written the same on every page."""

    def __init__(
        self, template: _Template, loader: Loader, blocks: dict[str, Iterable[Node]]
    ) -> None:
        engine = template.engine
        super().__init__(
            Lexer(template.source).tokenize(),
            engine.template_libraries,
            engine.template_builtins,
            template.origin,
        )
        self._loader = loader
        self._blocks = dict(blocks)
        self._keeps_blocks = "block.super" in template.source
        self._standing = Context({"site": names()})
        self._standing.template = template

    def compile_filter(self, token: str) -> FilterExpression:
        expression = FilterExpression(token, self)
        if expression.is_var and expression.var.lookups and not expression.var.translate:
            expression.var = _Variable(expression.var.var)
        return expression

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        super().extend_nodelist(nodelist, node, token)
        nodelist.pop()
        for one in self._instead_of(node):
            if type(one) is TextNode and nodelist and type(nodelist[-1]) is TextNode:
                nodelist[-1] = TextNode(nodelist[-1].s + one.s)
            else:
                nodelist.append(one)

    def _instead_of(self, node: Node) -> Iterable[Node]:
        """Return what is written in a node's place."""
        if isinstance(node, (LoadNode, CommentNode)):
            return ()
        if type(node) is VariableNode:
            return (_Text(node.filter_expression),)
        if _is_standing(node):
            try:
                return (TextNode(node.render(self._standing)),)
            except Exception:  # It is said where the page is written, as Django says it.
                return (node,)
        if isinstance(node, URLNode) and not node.kwargs:
            return (_Address(node),)
        if isinstance(node, IncludeNode) and _is_literal(node.template):
            return self._included(node)
        if self._keeps_blocks:
            return (node,)
        if isinstance(node, BlockNode):
            return self._blocks.setdefault(node.name, _of_its_own(node.nodelist))
        if isinstance(node, ExtendsNode) and _is_literal(node.parent_name):
            return self._loader.read(node.parent_name.var, self._blocks).nodelist
        return (node,)

    def _included(self, node: IncludeNode) -> Iterable[Node]:
        try:
            nodes = self._loader.get_template(node.template.var).nodelist
        except TemplateDoesNotExist:
            return (node,)
        if node.extra_context or node.isolated_context:
            return (_Included(nodes, node.extra_context, alone=node.isolated_context),)
        return _of_its_own(nodes)


def _is_literal(expression: FilterExpression | None) -> bool:
    return expression is None or not (expression.is_var or expression.filters)


def _is_standing(node: Node) -> bool:
    """Whether a node is written the same until settings, code or language are others."""
    if isinstance(node, Standing):
        return True
    if isinstance(node, TranslateNode):
        said = node.filter_expression
        is_text = said.var.lookups is None and not said.filters
        return is_text and _is_literal(node.message_context) and not node.asvar
    if isinstance(node, BlockTranslateNode):
        parts = [*node.singular, *(node.plural or ())]
        is_text = all(part.token_type == TokenType.TEXT for part in parts)
        is_text = is_text and node.counter is None and not node.extra_context
        return is_text and _is_literal(node.message_context) and not node.asvar
    if isinstance(node, StaticNode):
        return _is_literal(node.path) and not node.varname
    if isinstance(node, URLNode):
        is_alone = _is_literal(node.view_name) and not (node.args or node.kwargs or node.asvar)
        return is_alone and node.view_name.var.startswith("articles:")
    return False


def _of_its_own(nodes: NodeList) -> Iterable[Node]:
    """The nodes of a block or a file; apart, if one of them sets a variable for those behind it."""
    for node in nodes.get_nodes_by_type(Node):
        if any(getattr(node, name, None) for name in _SETS):
            return (_Included(nodes, {}),)
    return nodes


class _Included(Node):
    """The nodes of another template or of a block, with variables of their own."""

    def __init__(
        self, nodes: NodeList, values: dict[str, FilterExpression], *, alone: bool = False
    ) -> None:
        self.nodelist, self._values, self._alone = nodes, values, alone

    def render(self, context: Context) -> str:
        values = {name: value.resolve(context) for name, value in self._values.items()}
        if self._alone:
            return self.nodelist.render(context.new(values))
        with context.push(**values):
            return self.nodelist.render(context)


class _Address(Node):
    """`{% url %}` of this site's public pages: what was asked for before is remembered."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self._node, self.asvar = node, node.asvar

    def render(self, context: Context) -> str:
        node = self._node
        name = node.view_name.resolve(context)
        args = [arg.resolve(context) for arg in node.args]
        if not name.startswith("articles:") or not all(type(arg) in (str, int) for arg in args):
            return node.render(context)
        try:
            path = path_of(name, *args)
        except Exception:  # It is for Django to say what is wrong.
            return node.render(context)
        if self.asvar:
            context[self.asvar] = path
            return ""
        return escape(path) if context.autoescape else path


class _Text(VariableNode):
    """`{{ … }}`, with the short way for what most are: a plain text, or one that is HTML."""

    def __init__(self, expression: FilterExpression) -> None:
        super().__init__(expression)
        is_plain = isinstance(expression.var, _Variable) and not expression.filters
        self._resolve = expression.var.resolve if is_plain else expression.resolve

    def render(self, context: Context) -> str:
        try:
            value = self._resolve(context)
        except VariableDoesNotExist:
            return super().render(context)
        if type(value) is SafeString:
            return value
        if type(value) is str and context.autoescape:
            return escape(value)
        if type(value) is int and context.use_l10n is None:
            return _number(value)
        return render_value_in_context(value, context)


@in_each_language
def _number(value: int) -> str:
    return str(localize(value))


class _Variable(Variable):
    """A name with its attributes: by the short way where it leads to what Django's leads to."""

    __slots__ = ("first", "rest")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.first, *self.rest = self.lookups

    def resolve(self, context: Any) -> Any:
        first = self.first
        for known in reversed(context.dicts):
            if first in known:
                value = known[first]
                break
        else:
            if hasattr(context, first) or not first.isidentifier():
                return super().resolve(context)
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (first, context))
        if callable(value):
            return super().resolve(context)
        for name in self.rest:
            try:
                if type(value) is dict:
                    value = value[name]
                elif hasattr(type(value), "__getitem__"):
                    return super().resolve(context)
                else:
                    value = getattr(value, name)
                    if type(value) is MethodType and not _is_no_text(value):
                        value = value()
            except Exception:  # Django tries other ways, and says what is wrong.
                return super().resolve(context)
            if callable(value):
                return super().resolve(context)
        return value


def _is_no_text(method: MethodType) -> bool:
    """Whether templates may not call a method."""
    return getattr(method, "alters_data", False) or getattr(
        method, "do_not_call_in_templates", False
    )
