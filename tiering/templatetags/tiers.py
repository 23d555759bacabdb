"""Tiering's values in templates: `{% load tiers %}`."""

from django import template

from tiering import display

register = template.Library()
register.filter("score", display.score)
