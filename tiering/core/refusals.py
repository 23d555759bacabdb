"""Why a criteria document or a condition is refused: a code, a place, the facts, and what to do about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Params = Mapping[str, int | float | str]


def untranslated(message: str) -> str:
    """The gettext of a caller who wants English."""
    return message


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason for refusing a document.

    ``code`` is stable and may be stored together with ``params``; ``path`` is the JSON path of the offending
    value, for example ``$.scorecards[0].dimensions[1].weight``. ``message`` and ``fix`` are English msgids with
    ``%(name)s`` placeholders, all of them found in ``params``.
    """

    code: str
    path: str
    message: str
    fix: str
    params: Params = field(default_factory=dict)

    def text(self, gettext: Callable[[str], str] = untranslated) -> str:
        """The reason in the reader's language."""
        return gettext(self.message) % self.params

    def remedy(self, gettext: Callable[[str], str] = untranslated) -> str:
        """What to change, in the reader's language."""
        return gettext(self.fix) % self.params


class CriteriaError(ValueError):
    """A document or a condition cannot be used; ``refusals`` says why, at least one."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{refusal.path}: {refusal.text()}" for refusal in self.refusals))
