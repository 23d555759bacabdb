"""YAML text as JSON values, and a document as YAML for people to read and edit.

Only what JSON can say is read: no anchors, tags or further documents. What one reader of YAML takes for a number or for
yes and no and another for text (``no``, ``017``, ``1_000``, ``1:30``) is refused unless it stands in quotes. Dates stay
text. Every refusal tells its line and column.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import yaml

from tiering.core.check_tree import MAX_LEVELS
from tiering.core.refusals import CriteriaError, Params, Refusal
from tiering.core.texts import N_
from tiering.core.writing import WIDTH, in_order

LARGEST: Final = 2 * 1024 * 1024
"""Characters of a text that is read."""

_READER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER: Final = re.compile(r"[-+]?(0|[1-9]\d*)?(\.\d*)?([eE][-+]?\d+)?")
_CONSTANTS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DOUBTFUL: Final = re.compile(
    r"(?i:yes|no|on|off)|[-+]?\.(?i:inf|nan)|[-+]?0[\dxob][\d_a-fA-F]*(\.[\d_]*)?"
    r"|[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?|[-+]?(?=[\d._]*_)[\d.][\d._]*([eE][-+]?\d+)?"
)

_BREAK: Final = re.compile("[\n\r\x85\u2028\u2029]")


def yaml_of(text: str) -> Any:
    """What the text says, as JSON values. Raises CriteriaError whose refusal has ``line:column`` for its path."""
    if len(text) > LARGEST:
        _refuse("text_too_long", None, N_("The text is longer than %(limit)s characters."), _SHORTEN)
    try:
        return _Reading().value_of(text)
    except yaml.MarkedYAMLError as error:
        _refuse("not_yaml", error.problem_mark, _NOT_YAML, _CORRECT, {"reason": error.problem or ""})
    except yaml.YAMLError as error:
        _refuse("not_yaml", None, _NOT_YAML, _CORRECT, {"reason": str(error).splitlines()[0]})


def yaml_text_of(document: Mapping[str, Any]) -> str:
    """The document as YAML. ``yaml_of`` gives an equal document, and so the same content hash."""
    text: str = yaml.dump(
        document, Dumper=_Writer, allow_unicode=True, default_flow_style=None, sort_keys=False, width=WIDTH
    )
    return text


class _Reading:
    """Values as they are built from the events of a parser: the collections that are open, the innermost last."""

    def __init__(self) -> None:
        self._open: list[
            tuple[Any, str | None]
        ] = []  # a collection, and the key of an object that waits for a value
        self._found: list[Any] = []

    def value_of(self, text: str) -> Any:
        for event in yaml.parse(text, Loader=_READER):
            self._take(event)
        return self._found[0] if self._found else None

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent() if self._found:
                _refuse(
                    "yaml_documents", event.start_mark, N_("Here begins a second document."), _ONE_DOCUMENT
                )
            case yaml.AliasEvent():
                _refuse("yaml_anchor", event.start_mark, _ANCHOR, _WRITE_OUT)
            case yaml.ScalarEvent():
                self._check(event)
                self._put(event, event.value if self._is_key() else _scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._check(event)
                if self._is_key():
                    _refuse("yaml_key", event.start_mark, _KEY, _WRITE_KEY)
                value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                self._put(event, value)
                self._open.append((value, None))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()

    def _check(self, event: Any) -> None:
        if event.anchor is not None:
            _refuse("yaml_anchor", event.start_mark, _ANCHOR, _WRITE_OUT)
        if event.tag not in (None, "!") or (event.tag == "!" and not isinstance(event, yaml.ScalarEvent)):
            _refuse("yaml_tag", event.start_mark, _TAG, _NO_TAG, {"tag": event.tag[:60]})
        if len(self._open) >= MAX_LEVELS:
            _refuse("nested_too_deep", event.start_mark, _DEEP, _FEWER, {"limit": MAX_LEVELS})

    def _is_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], dict) and self._open[-1][1] is None

    def _put(self, event: Any, value: Any) -> None:
        if not self._open:
            self._found.append(value)
            return
        around, key = self._open[-1]
        if isinstance(around, list):
            around.append(value)
        elif key is None:
            if value in around:
                _refuse("member_twice", event.start_mark, _TWICE, _KEEP_ONE, {"name": value[:60]})
            self._open[-1] = around, value
        else:
            around[key] = value
            self._open[-1] = around, None


def _scalar(event: Any) -> Any:
    """A single value: text where it is in quotes, and else what it looks like."""
    text: str = event.value
    if event.style or event.tag == "!":
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _DOUBTFUL.fullmatch(text):
        _refuse("yaml_doubtful", event.start_mark, _DOUBT, _QUOTE, {"text": text[:60]})
    return _number(text) if _is_number(text) else text


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and any(map(str.isdigit, re.split("[eE]", text)[0]))


def _number(text: str) -> float:
    """Of too many digits it is infinite, which reading the document refuses."""
    if text.lstrip("+-").isdecimal() and len(text) < 300:
        return int(text)
    return float(text)


def _refuse(code: str, mark: Any, message: str, fix: str, params: Params | None = None) -> NoReturn:
    place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
    raise CriteriaError([Refusal(code, place, message, fix, {"limit": LARGEST, **(params or {})})])


class _Writer(yaml.SafeDumper):
    """Writes members in the order of JSON exports, and quotes what ``yaml_of`` would not read as text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, data: str) -> yaml.ScalarNode:
        quoted = data in _CONSTANTS or _DOUBTFUL.fullmatch(data) or _is_number(data) or _BREAK.search(data)
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if quoted else None)

    def members(self, data: Mapping[str, Any]) -> yaml.MappingNode:
        return self.represent_mapping("tag:yaml.org,2002:map", in_order(data))


_Writer.add_representer(str, _Writer.text)
_Writer.add_representer(dict, _Writer.members)

_SHORTEN: Final = N_("Shorten it.")
_NOT_YAML: Final = N_("This is not YAML: %(reason)s.")
_CORRECT: Final = N_("Correct it there, and save the file as UTF-8.")
_ONE_DOCUMENT: Final = N_("Leave one document in the file, and remove the line “---” before the other.")
_ANCHOR: Final = N_("Anchors (&) and aliases (*) are not read.")
_WRITE_OUT: Final = N_("Write out what is meant, or put the text in quotes.")
_TAG: Final = N_("The tag “%(tag)s” is not read.")
_NO_TAG: Final = N_("Remove it; put text that looks like a number in quotes.")
_KEY: Final = N_("A list or an object cannot be the name of a member.")
_WRITE_KEY: Final = N_("Write a text before the colon.")
_DEEP: Final = N_("This is nested more than %(limit)s levels deep.")
_FEWER: Final = N_("Remove some of the levels.")
_TWICE: Final = N_("“%(name)s” stands more than once in the same object.")
_KEEP_ONE: Final = N_("Keep one of them.")
_DOUBT: Final = N_("“%(text)s” is text to some readers of YAML, and a number or yes or no to others.")
_QUOTE: Final = N_("Put it in quotes if it is text; otherwise write a plain number, true, false or null.")
