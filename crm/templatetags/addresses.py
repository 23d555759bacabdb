"""`{% url %}` as Django has it, by `crm.addresses`: it is among the tags that every template has (settings)."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as djangos
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from crm.addresses import address

register = template.Library()


class AddressNode(URLNode):
    """The address of a page by the name of its view and the places in its path."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return super().render(context)
        name, args = self.view_name.resolve(context), [arg.resolve(context) for arg in self.args]
        try:
            found = address(name, *args)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """`{% url "crm:client" client.pk %}`, `… as address`."""
    node = djangos(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
