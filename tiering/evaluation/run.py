"""One evaluation of a file from beginning to end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy

from crm.errors import DomainError
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.evaluation import by_python, by_sql, results
from tiering.evaluation.facts_file import FactsFile
from tiering.evaluation.results import Tally

Engine = Literal["python", "sql"]
ENGINES: tuple[Engine, ...] = ("python", "sql")


class NoSuchOverlay(DomainError):
    code = "no_such_overlay"
    message = gettext_lazy("The document has no overlay “%(key)s”. It has these: %(keys)s.")
    status = 400


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What to assess, and how: ``overlays`` are the keys of those that are switched on."""

    document: Document
    catalogue: Catalogue
    facts: FactsFile
    engine: Engine
    overlays: frozenset[str] = frozenset()

    def run(self, out: Path) -> Tally:
        """Assess every row and write what comes out, whole or not at all.

        Raises NoSuchOverlay, or FactsRefused with everything in the file that cannot be used.
        """
        self._check_overlays()
        if self.engine == "python":
            found = by_python.assess(self.document, self.facts, self.overlays)
        else:
            found = by_sql.assess(self.document, self.catalogue, self.facts, self.overlays)
        return results.write(found, self.document, out, with_projects=self.facts.has_projects)

    def _check_overlays(self) -> None:
        known = [overlay.key for overlay in self.document.overlays]
        for key in sorted(self.overlays.difference(known)):
            raise NoSuchOverlay(key=key, keys=", ".join(known) or "–")
