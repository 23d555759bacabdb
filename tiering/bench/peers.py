"""The same method in a rule engine people know, GoRules zen (a development dependency), and in plain Python."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from tiering.bench.zen_model import model
from tiering.core.document import Document
from tiering.core.evaluate import evaluate
from tiering.core.metric import Facts

Timed = tuple[list[int], float]
"""The rank of each client, and the seconds of CPU time for all of them."""


def by_python(document: Document, clients: Sequence[Facts]) -> Timed:
    """By ``core.evaluate``, traces included."""
    begun = time.process_time()
    ranks = [evaluate(document, facts).tier for facts in clients]
    return ranks, time.process_time() - begun


def by_zen(document: Document, clients: Sequence[Facts]) -> Timed | None:
    """By zen's batch call; None where zen is not installed."""
    try:
        import zen
    except ImportError:
        return None
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"bench": model(document)}}})
    asked: Any = [{"key": "bench", "context": dict(facts)} for facts in clients]
    engine.evaluate_batch(asked[:1])
    begun = time.process_time()
    answers = engine.evaluate_batch(asked)
    elapsed = time.process_time() - begun
    return [int(answer["data"]["result"]["tier"]) for answer in answers], elapsed


def facts_of(row: Mapping[str, Any]) -> Facts:
    """A row of the table of metrics as facts."""
    return {key: value for key, value in row.items() if key != "client_id"}
