"""JSON by JSON path: what stands at a place, put there, or taken away."""

import re
from collections.abc import Iterator
from typing import Any

Step = str | int


def steps(path: str) -> list[Step]:
    """The keys and positions of a path such as ``$.gates[0].when``."""
    found = re.findall(r"\.([^.\[]+)|\[(\d+)\]", path)
    return [name or int(number) for name, number in found]


def at(data: Any, path: str) -> Any:
    for step in steps(path):
        data = data[step]
    return data


def put(data: Any, path: str, value: Any) -> None:
    """Put a value in a place; one past the end of a list makes it longer."""
    *outer, last = steps(path)
    for step in outer:
        data = data[step]
    if isinstance(data, list) and last == len(data):
        data.append(value)
    else:
        data[last] = value


def take(data: Any, path: str) -> Any:
    *outer, last = steps(path)
    for step in outer:
        data = data[step]
    return data.pop(last)


def places(data: Any, path: str = "$") -> Iterator[str]:
    """Every place of a JSON value, from the outside in."""
    yield path
    if isinstance(data, dict):
        for key, part in data.items():
            yield from places(part, f"{path}.{key}")
    elif isinstance(data, list):
        for position, part in enumerate(data):
            yield from places(part, f"{path}[{position}]")
