"""Errors as the API writes them: {"code", "message", "fields"}, whatever they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rest_framework.settings import api_settings

from crm.errors import DomainError


def problem(code: str, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": dict(fields or {})}


def problem_of(error: DomainError) -> dict[str, Any]:
    """A service's refusal, with the fields it names if it names any, the record's version where that is behind, and
    what is missing if it lists that."""
    found = problem(error.code, str(error), getattr(error, "fields", None))
    version = getattr(error, "version", None)
    if version is not None:
        found["version"] = version
    missing = [one._asdict() for one in getattr(error, "missing", ())]
    alike = [_alike(one) for one in getattr(error, "found", ())]
    return found | ({"missing": missing} if missing else {}) | ({"alike": alike} if alike else {})


def _alike(found: Any) -> dict[str, Any]:
    """A client that the one to be looks like, and in what."""
    client, likeness = found.client, found.likeness
    return {
        "id": client.pk,
        "code": client.code,
        "name": client.name,
        "score": likeness.score,
        "evidence": dict(likeness.evidence),
    }


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested errors by dotted path: what is wrong with item 3 stands at `items.3`."""
    named: Iterable[tuple[Any, Any]]
    if isinstance(detail, Mapping):
        named = detail.items()
    elif isinstance(detail, list) and any(isinstance(part, Mapping | list) for part in detail):
        named = enumerate(detail)
    else:
        return {path: [str(part) for part in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for name, part in named:
        if part:
            found.update(flat(part, _joined(path, str(name))))
    return found


def _joined(path: str, name: str) -> str:
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return path
    return f"{path}.{name}" if path else name
