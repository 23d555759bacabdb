"""What a button of the studio does to a draft, as edits: the page names the act, the server knows the book.

Each recipe is given what the page sent, and the draft as that page shows it, so that what somebody else wrote since is a
conflict and not lost. It answers with the edits, and the id of what then has the focus. It raises Invalid for what the
page never sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tiering.core.addresses import ABSENT, steps_of, value_at
from tiering.core.editing import Edit
from tiering.pages import studio_recipes_scores
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_asked import Asked, Made, name_of, number_in, text_in, unusable
from tiering.pages.studio_recipes_placement import PLACEMENT_RECIPES
from tiering.pages.studio_recipes_rules import RULE_RECIPES

Recipe = Callable[[Draft, Asked], Made]


def edits_for(draft: Draft, asked: Asked) -> Made:
    """The edits of the act that is asked for."""
    recipe = RECIPES.get(text_in(asked, "act"))
    if recipe is None:
        raise unusable("act")
    return recipe(draft, asked)


def remove(draft: Draft, asked: Asked) -> Made:
    """Without the entry, member or list at the path."""
    path = text_in(asked, "path")
    found = value_at(draft.data, path)
    if found is ABSENT:
        raise unusable("path")
    return [Edit("set", path, found)], None


def move(draft: Draft, asked: Asked) -> Made:
    """An entry one place on, or back."""
    path = text_in(asked, "path")
    *outer, name = steps_of(path)
    entries = value_at(draft.data, path_to(*outer)) if outer else ABSENT
    if not isinstance(entries, list) or value_at(draft.data, path) is ABSENT:
        raise unusable("path")
    names = [name_of(entries, position, path_to(*outer)) for position in range(len(entries))]
    at, step = names.index(name), number_in(asked, "by", -1, 1)
    if not 0 <= at + step < len(names):
        return [], None
    others = [other for other in names if other != name]
    before = others[at + step] if at + step < len(others) else None
    after = names[at + 1] if at + 1 < len(names) else None
    return [Edit("move", path, was=after, before=before)], None


RECIPES: Final[Mapping[str, Recipe]] = {
    "remove": remove,
    "move": move,
    **studio_recipes_scores.RECIPES,
    **RULE_RECIPES,
    **PLACEMENT_RECIPES,
}
