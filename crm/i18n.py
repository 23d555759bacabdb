"""Message catalogues without the GNU tools: Babel extracts, merges, checks and compiles.

Django's `makemessages` shells out to xgettext, which a bare machine does not have. Templates are turned into Python
by Django's own `templatize` and read by Babel's Python extractor.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "N_": None,
}
SOURCES = ("config", "crm", "tiering", "funnel", "templates")
LANGUAGE = "zh_Hans"
NO_LINE = 0  # line numbers would change the catalogue with every edit of a source
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^}]*\}")


def catalogue_path(suffix: str = "po") -> Path:
    return settings.BASE_DIR / "locale" / LANGUAGE / "LC_MESSAGES" / f"django.{suffix}"


def source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def extracted() -> Catalog:
    """Every message of the sources, with the files it stands in."""
    catalogue = Catalog(project="Strata", fuzzy=False)
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = flush_left(templatize(text, origin=str(path)))
        for _line, message, comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            place = (str(path.relative_to(settings.BASE_DIR)), NO_LINE)
            catalogue.add(message, locations=[place], auto_comments=comments, context=context)
    return catalogue


def flush_left(source: str) -> str:
    """Python's tokenizer minds indentation; a template's is of no meaning."""
    return "\n".join(line.lstrip() for line in source.splitlines())


def translated() -> Catalog:
    with catalogue_path().open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update() -> Catalog:
    """Merge the sources' messages into the catalogue; keep translations, drop what is no longer said."""
    path = catalogue_path()
    catalogue = translated() if path.exists() else Catalog(locale=LANGUAGE, project="Strata")
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_output=True, ignore_obsolete=True)
    return catalogue


def compile_catalogue() -> None:
    with catalogue_path("mo").open("wb") as file:
        write_mo(file, translated())


def problems() -> list[str]:
    """What keeps the Chinese from being complete: untranslated, fuzzy, missing, or with other placeholders."""
    catalogue = translated()
    found = []
    for message in extracted():
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        where = ", ".join(sorted({path for path, _ in message.locations}))
        found += [f"{where}: {fault}: {message.id!r}" for fault in faults(known)]
    return found


def faults(known: Message | None) -> Iterator[str]:
    if known is None:
        yield "not in the catalogue (manage.py messages update)"
        return
    strings = known.string if isinstance(known.string, (list, tuple)) else [known.string or ""]
    if not all(strings):
        yield "not translated"
    elif known.fuzzy:
        yield "translation not confirmed (fuzzy)"
    elif any(placeholders(text) != wanted(known) for text in strings):
        yield "placeholders differ"


def wanted(known: Message) -> set[str]:
    ids = known.id if isinstance(known.id, (list, tuple)) else [known.id]
    return placeholders(ids[-1])


def placeholders(text: str) -> set[str]:
    return {a or b for a, b in PLACEHOLDER.findall(text)}
