"""Keys: each is used once in its list, and a tier that is named exists."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tiering.core.refusals import Refusal
from tiering.core.texts import N_


def check_unique(path: str, keys: Iterable[str]) -> Iterator[Refusal]:
    """Refuses every key that a list uses more than once."""
    for key, count in Counter(keys).items():
        if count > 1:
            yield Refusal(
                "duplicate_key", path,
                N_("“%(key)s” is used %(count)s times in this list."),
                N_("Give each entry a key of its own."),
                {"key": key, "count": count},
            )  # fmt: skip


def check_tiers_exist(tiers: Iterable[tuple[str, str]], ranks: Mapping[str, int]) -> Iterator[Refusal]:
    """Refuses every (path, tier) whose tier the scheme does not have."""
    for path, tier in tiers:
        if tier not in ranks:
            yield Refusal(
                "unknown_tier", path,
                N_("The scheme has no tier “%(tier)s”."),
                N_("Name one of the document's tiers."),
                {"tier": tier},
            )  # fmt: skip
