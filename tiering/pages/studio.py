"""A draft as the criteria studio shows it, and places of it by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.models import User
from tiering.core.addresses import path_of
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.reading import read
from tiering.models import CriteriaVersion
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.drafts import document_at

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """What every section is made of: the document as it is stored (`data`) and as values, the metrics that it may name,
    and who looks at it. `opened` are the paths of the indicators of which everything is shown."""

    version: CriteriaVersion
    document: Document
    catalogue: Catalogue
    user: User
    data: Json = field(repr=False)
    opened: frozenset[str] = frozenset()

    @classmethod
    def of(cls, version: CriteriaVersion, user: User, opened: Iterable[str] = ()) -> Draft:
        """The draft as it is now."""
        return cls(version, document_of(version), open_catalogue(), user, version.document, frozenset(opened))

    @classmethod
    def seen(cls, version: CriteriaVersion, user: User, revision: int) -> Draft:
        """The draft as the page shows it that knows it up to a revision."""
        data = document_at(version, revision)
        return cls(version, read(data), open_catalogue(), user, data)


def path_to(*steps: str) -> str:
    """The path of a place by names."""
    return path_of(steps)
