"""What keeps a JSON value from being worked on at all: nesting without end, and texts and numbers that cannot be
stored. Whatever passes can be validated, shown, hashed and kept."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from tiering.core.refusals import Refusal
from tiering.core.texts import N_

MAX_LEVELS: Final = 64
"""A document of the right shape has fewer, even where a condition is nested as deep as conditions may be."""

_UNUSABLE: Final = re.compile("[\x00\ud800-\udfff]")


class _Place(NamedTuple):
    """Where a value stands: its key within the value above. The root has no key."""

    above: "_Place | None"
    key: object

    def path(self) -> str:
        if self.above is None:
            return "$"
        if isinstance(self.key, int):
            return f"{self.above.path()}[{self.key}]"
        return f"{self.above.path()}.{self.key}" if _is_plain(self.key) else self.above.path()


def tree_refusals(data: object) -> tuple[Refusal, ...]:
    """Every place where the value cannot be worked on; only the first where it is nested too deep, and then only
    that, because a value that holds itself has no end."""
    found: list[Refusal] = []
    waiting: list[tuple[object, _Place, int]] = [(data, _Place(None, None), 1)]
    while waiting:
        node, place, level = waiting.pop()
        if level > MAX_LEVELS:
            return (too_deep(place.path()),)
        if isinstance(node, str):
            if not _is_plain(node):
                found.append(_text_unusable(place.path()))
        elif isinstance(node, int | float):
            if not _is_finite(node):
                found.append(number_unusable(place.path()))
        elif isinstance(node, Mapping | list | tuple):
            if isinstance(node, Mapping) and not all(map(_is_plain, node)):
                found.append(_text_unusable(place.path()))
            waiting += [(part, _Place(place, key), level + 1) for key, part in _parts(node)]
    return tuple(found)


def _parts(
    node: Mapping[object, object] | list[object] | tuple[object, ...],
) -> Iterable[tuple[object, object]]:
    return node.items() if isinstance(node, Mapping) else enumerate(node)


def _is_plain(text: object) -> bool:
    return isinstance(text, str) and not _UNUSABLE.search(text)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def too_deep(path: str) -> Refusal:
    """The refusal of what has more levels than can be worked on."""
    return Refusal(
        "nested_too_deep", path,
        N_("This is nested more than %(limit)s levels deep."),
        N_("Remove some of the levels."),
        {"limit": MAX_LEVELS},
    )  # fmt: skip


def _text_unusable(path: str) -> Refusal:
    return Refusal(
        "text_unusable", path,
        N_("A text here holds characters that cannot be stored."),
        N_("Write it anew, without control characters."),
    )  # fmt: skip


def number_unusable(path: str) -> Refusal:
    """The refusal of what is no finite number that fits."""
    return Refusal(
        "number_unusable", path,
        N_("The number here is not finite, or larger than can be stored."),
        N_("Write a smaller number, or null for an open end."),
    )  # fmt: skip
