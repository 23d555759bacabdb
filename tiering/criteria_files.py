"""Criteria documents by name: in files of JSON or YAML, among the templates that ship, or in the database as
``scheme@version``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy

from crm.errors import DomainError
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_
from tiering.core.writing import text_of
from tiering.core.yaml_text import yaml_of, yaml_text_of
from tiering.errors import CriteriaRefused
from tiering.models import CriteriaVersion
from tiering.selectors.criteria import stored_version

TEMPLATES = Path(__file__).parent / "criteria"
YAML_SUFFIXES: Final = (".yaml", ".yml")
SUFFIXES: Final = (".json", *YAML_SUFFIXES)
"""How the names of files that hold a document end."""

WRITERS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {"json": text_of, "yaml": yaml_text_of}
"""The formats in which a document is written out. Reading what is written gives the same content hash."""

MEDIA_TYPES: Final = {"json": "application/json", "yaml": "application/yaml"}


class NoSuchTemplate(DomainError):
    code = "no_such_template"
    message = gettext_lazy("There is no template “%(key)s”. Choose one of these: %(keys)s.")
    status = 404


class NoSuchCriteria(DomainError):
    code = "no_such_criteria"
    message = gettext_lazy(
        "“%(name)s” is neither a file nor stored criteria. Name a file, or a scheme with or without a version such as "
        "aa_a_b@2."
    )
    status = 404


@cache
def template_keys() -> tuple[str, ...]:
    """The templates that ship; each is the document of the scheme of that key."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.json")))


def template(key: str) -> dict[str, Any]:
    """The document of a template. Raises NoSuchTemplate."""
    if key not in template_keys():
        raise NoSuchTemplate(key=key, keys=", ".join(template_keys()))
    return dict(json_in(TEMPLATES / f"{key}.json"))


def document_named(name: str) -> Any:
    """What a file says, or the document of stored criteria.

    Raises CriteriaRefused for a file that cannot be read, NoSuchCriteria for a name that means nothing.
    """
    path = Path(name)
    if path.suffix in SUFFIXES or path.exists():
        return json_in(path)
    return version_named(name).document


def version_named(name: str) -> CriteriaVersion:
    """A stored version: ``aa_a_b@2``, or ``aa_a_b`` for the published one (the newest draft while none is).

    Raises NoSuchCriteria.
    """
    scheme, _, number = name.partition("@")
    version = stored_version(scheme, int(number) if number.isdecimal() else None)
    if version is None or ("@" in name and not number.isdecimal()):
        raise NoSuchCriteria(name=name)
    return version


def json_in(path: Path) -> Any:
    """What a file says, as JSON values. Raises CriteriaRefused with the line and column where it stops being JSON, or
    YAML where its name ends like that."""
    try:
        return json_of_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise CriteriaRefused(
            [
                Refusal(
                    "file_unreadable",
                    str(path),
                    N_("The file cannot be read: %(reason)s."),
                    N_("Name a file that is there and may be read."),
                    {"reason": error.strerror or str(error)},
                )
            ]
        ) from error


def json_of_bytes(data: bytes, name: str) -> Any:
    """What the content of a file of that name says. Raises CriteriaRefused as `json_in` does."""
    is_yaml = name.lower().endswith(YAML_SUFFIXES)
    try:
        text = data.decode("utf-8-sig")
        return yaml_of(text) if is_yaml else json_of(text)
    except CriteriaError as error:
        refusals = [replace(one, path=f"{name}:{one.path}") for one in error.refusals]
        raise CriteriaRefused(refusals if is_yaml else error.refusals) from error
    except json.JSONDecodeError as error:
        raise CriteriaRefused([_not_json(f"{name}:{error.lineno}:{error.colno}", error.msg)]) from error
    except UnicodeDecodeError as error:
        raise CriteriaRefused([_not_json(name, str(error))]) from error


def _not_json(place: str, reason: str) -> Refusal:
    return Refusal(
        "not_json",
        place,
        N_("This is not JSON: %(reason)s."),
        N_("Correct it there, and save the file as UTF-8."),
        {"reason": reason},
    )
