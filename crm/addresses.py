"""Addresses of pages by the name of the view.

Django goes through the patterns for each; here that is done once for each name, and ids are filled in: a page names a
hundred addresses, most of them the same page of another record.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.urls import get_script_prefix, reverse

PLACES: Final = ("9100000001", "9100000002", "9100000003")
"""Numbers that stand in no path of ours, for the ids that are filled in."""


def address(name: str, *args: object) -> str:
    """What `reverse` gives. Raises NoReverseMatch."""
    if len(args) > len(PLACES) or not all(map(_is_kept, args)):
        return reverse(name, args=args)
    path = _path(name, tuple(None if type(arg) is int else arg for arg in args), get_script_prefix())
    for place, arg in zip(PLACES, args, strict=False):
        if type(arg) is int:
            path = path.replace(place, str(arg))
    return path


def _is_kept(arg: object) -> bool:
    """Whether it is an id, or a word such as the key of a tab."""
    return (type(arg) is int and arg >= 0) or (isinstance(arg, str) and arg.replace("-", "").isalpha())


@lru_cache(maxsize=2048)
def _path(name: str, words: tuple[object, ...], script_prefix: str) -> str:
    """The path with places where no word is given. It depends on where the site lies, too."""
    return reverse(
        name, args=[place if word is None else word for place, word in zip(PLACES, words, strict=False)]
    )
