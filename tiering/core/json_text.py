"""JSON text read without losing anything: where Python's reader keeps the last of two members of one name, this one
refuses."""

import json
from collections import Counter
from typing import Any

from tiering.core.check_tree import number_unusable, too_deep
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_


def json_of(text: str) -> Any:
    """What the text says. Raises json.JSONDecodeError when it is not JSON, and CriteriaError when it is but cannot be
    worked on."""
    try:
        return json.loads(text, object_pairs_hook=_members)
    except RecursionError:
        raise CriteriaError([too_deep("$")]) from None
    except (json.JSONDecodeError, CriteriaError):
        raise
    except ValueError:  # an integer of thousands of digits
        raise CriteriaError([number_unusable("$")]) from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise CriteriaError(
            Refusal(
                "member_twice", "$",
                N_("“%(name)s” stands %(count)s times in the same object, beside: %(others)s."),
                N_("Keep one of them."),
                {"name": name, "count": count, "others": ", ".join(other for other in members if other != name)[:80]},
            )
            for name, count in Counter(name for name, _ in pairs).items()
            if count > 1
        )  # fmt: skip
    return members
