"""The stages that a file names: those of a pipeline that is there, or of one that is made of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import slugify

from crm.imports.batch import Batch
from crm.imports.copying import CopyInto
from crm.imports.values import tidy, word
from funnel.imports.dated_columns import EVENT
from funnel.models import Pipeline, Stage

WON_WORDS = "won|approved|closed won|invested|disbursed|批准|赢单|成交|已放款"
LOST_WORDS = "lost|declined|rejected|closed lost|cancelled|canceled|dropped|淘汰|拒绝|输单"
WON, LOST = (frozenset(map(word, words.split("|"))) for words in (WON_WORDS, LOST_WORDS))


@dataclass(frozen=True)
class Planned:
    """A stage as it will be made."""

    name: str
    key: str
    position: int
    outcome: str


def resolve(batch: Batch) -> Pipeline | None:
    """Set `stage` (its key) and `position` of the events; issues for what cannot be found and may not be made.

    The answer is the pipeline that the file names, None where it is to be made.
    """
    asked = tidy(batch.job.constants.get("pipeline", ""))
    pipeline = find_pipeline(asked)
    if pipeline is None and not batch.may_add_reference_data:
        known = ", ".join(Pipeline.objects.order_by("pk").values_list("key", flat=True))
        batch.refuse(
            "unknown_pipeline",
            "pipeline",
            "true",
            params="jsonb_build_object('value', %(asked)s::text, 'known', %(known)s::text)",
            asked=asked,
            known=known,
        )
        return None
    spoken = _spoken(pipeline) if pipeline else {stage.name: stage for stage in plan(batch)}
    _keep(batch, spoken)
    _refuse_unknown(batch, spoken)
    return pipeline


def find_pipeline(asked: str) -> Pipeline | None:
    """By its key or its name in either language, whatever the letter case."""
    for pipeline in Pipeline.objects.order_by("pk"):
        if word(asked) in {word(pipeline.key), word(pipeline.name_en), word(pipeline.name_zh)} - {""}:
            return pipeline
    return None


def plan(batch: Batch) -> list[Planned]:
    """The stages of a pipeline to be made, in order: as the user lists them, else those of the dated columns in the
    order of the file and then the others by when cases come to them. What loses a case comes last, and before that
    stands what wins it: the last one listed, or the last one whose name says so."""
    listed = [tidy(part) for part in batch.job.constants.get("stages", "").split("|")]
    names = [name for name in listed if name]
    if not names:
        found = _by_columns_then_by_time(batch)
        winning = [name for name in found if word(name) in WON][-1:]
        names = [name for name in found if name not in winning] + winning
    ends = [name for name in names if word(name) in LOST]
    way = [name for name in names if name not in ends]
    planned: list[Planned] = []
    for position, name in enumerate([*way, *ends]):
        is_last = position == len(way) - 1
        outcome = Stage.Outcome.LOST if name in ends else Stage.Outcome.WON if is_last else Stage.Outcome.OPEN
        planned.append(Planned(name, _key(name, {stage.key for stage in planned}), position, outcome))
    return planned


def make(batch: Batch) -> Pipeline:
    """The pipeline of the file, made with its stages where it is not there yet."""
    name = tidy(batch.job.constants["pipeline"])[:80]
    if found := find_pipeline(name):
        return found
    taken = set(Pipeline.objects.values_list("key", flat=True))
    pipeline = Pipeline.objects.create(
        key=_key(name, taken), name_en=name, name_zh="" if name.isascii() else name
    )
    stages = Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline,
            key=stage.key,
            name_en=stage.name,
            name_zh="" if stage.name.isascii() else stage.name,
            position=stage.position,
            outcome=stage.outcome,
        )
        for stage in plan(batch)
    )
    batch.records |= {"new_pipelines": 1, "new_stages": len(stages), "made_pipeline": pipeline.pk}
    return pipeline


def _spoken(pipeline: Pipeline) -> dict[str, Planned]:
    """Whatever a stage of the pipeline may be called → the stage."""
    spoken: dict[str, Planned] = {}
    for stage in pipeline.stages.order_by("-position"):
        planned = Planned(stage.name_en, stage.key, stage.position, stage.outcome)
        spoken |= {name: planned for name in (stage.key, stage.name_en, stage.name_zh) if name}
    return spoken


def _by_columns_then_by_time(batch: Batch) -> list[str]:
    means = batch.job.translations.get("stage", {})
    dated = [tidy(means.get(said, said)) for said in batch.kind.own_columns(batch.job)]
    others = batch.rows(
        f"""SELECT min(said) FROM (
                SELECT *, row_number() OVER (PARTITION BY code ORDER BY at, line) AS nth FROM {EVENT}
            ) placed GROUP BY lower(said) ORDER BY avg(nth), min(line)"""
    )
    names: dict[str, str] = {}
    for name in (*dated, *(name for (name,) in others)):
        names.setdefault(word(name), name)
    return list(names.values())


def _keep(batch: Batch, spoken: dict[str, Planned]) -> None:
    batch.run("DROP TABLE IF EXISTS import_stage")
    batch.run(
        "CREATE TEMP TABLE import_stage (said text PRIMARY KEY, key text, position int, outcome text) ON COMMIT DROP"
    )
    by_word = {name.lower(): stage for name, stage in spoken.items()}
    with CopyInto("import_stage", ("said", "key", "position", "outcome")) as rows:
        for said, stage in by_word.items():
            rows.add((said, stage.key, stage.position, stage.outcome))
    batch.run(
        f"UPDATE {EVENT} e SET stage = s.key, position = s.position FROM import_stage s WHERE s.said = lower(e.said)"
    )


def _refuse_unknown(batch: Batch, spoken: dict[str, Planned]) -> None:
    known = ", ".join(
        dict.fromkeys(stage.name for stage in sorted(spoken.values(), key=lambda s: s.position))
    )
    batch.refuse(
        "unknown_stage",
        "stage",
        "e.line = n.line AND e.stage IS NULL",
        tables=f"import_clean n, {EVENT} e",
        params="jsonb_build_object('value', e.said, 'known', %(known)s::text)",
        known=known,
    )


def _key(name: str, taken: set[str]) -> str:
    key = slugify(name).replace("-", "_")[:36] or "stage"
    return (
        key
        if key not in taken
        else next(numbered for number in range(2, 1_000) if (numbered := f"{key}_{number}") not in taken)
    )
