"""What is refused to those who edit a draft of criteria, by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from crm.errors import DomainError
from crm.formats import localized
from crm.models import User
from tiering.core.addresses import Placed
from tiering.errors import CriteriaRefused


class EditRefused(CriteriaRefused):
    """The edit would break the shape of the document. `placed` says what is wrong in which field."""

    def __init__(self, placed: Sequence[Placed]):
        super().__init__([one.refusal for one in placed])
        self.placed = tuple(placed)

    @property
    def fields(self) -> dict[str, list[str]]:
        """By address, what is wrong and what to do, in the reader's language."""
        found: dict[str, list[str]] = {}
        for one in self.placed:
            text = f"{one.refusal.text(gettext)} {one.refusal.remedy(gettext)}"
            found.setdefault(one.address or one.refusal.path, []).append(text)
        return found


class FieldConflict(DomainError):
    """Something else stands in a field than its editor saw: `theirs` at `path` instead of `was`, and `yours` was not
    written. ABSENT is nothing. `by` and `at` say who wrote it and when, where an edit of the draft did.

    The message needs `place`, `theirs_told` and `yours_told` in words.
    """

    code = "field_conflict"
    message = gettext_lazy(
        "%(place)s: there stands %(theirs)s by now, and you would have written %(yours)s. "
        "Keep what stands there, or write yours again."
    )
    _of_somebody = gettext_lazy(
        "%(place)s: %(name)s wrote %(theirs)s there, and you would have written %(yours)s. "
        "Keep what stands there, or write yours again."
    )

    def __init__(
        self,
        *,
        path: str,
        was: Any,
        yours: Any,
        theirs: Any,
        by: User | None,
        at: datetime | None,
        words: dict[str, str],
    ):
        super().__init__(**words, name=localized(by) if by else "")
        self.path, self.was, self.yours, self.theirs, self.by, self.at = path, was, yours, theirs, by, at
        if by:
            self.message = self._of_somebody
        self.fields = {path: [str(self)]}


class NoSuchPlace(DomainError):
    code = "no_such_place"
    message = gettext_lazy("The draft has no place “%(path)s”. Load the draft anew, and edit what is there.")
    status = 400


class NothingToUndo(DomainError):
    code = "nothing_to_undo"
    message = gettext_lazy("You have changed nothing in this draft that could be taken back.")


class NothingToRedo(DomainError):
    code = "nothing_to_redo"
    message = gettext_lazy("You have taken nothing back that could be done again.")


class TierKeyTaken(DomainError):
    code = "tier_key_taken"
    message = gettext_lazy(
        "“%(key)s” cannot be the key: another tier has it, or clients hold the tiers already."
    )
