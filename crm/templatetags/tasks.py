"""Tasks and the people they are with, in words: `{% load tasks %}`."""

from django import template

from crm import telling

register = template.Library()
register.filter("task_text", telling.task_text)
register.simple_tag(telling.task_url, name="task_url")
