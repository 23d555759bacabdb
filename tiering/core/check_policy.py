"""What makes the policy, the subject and the roll-up of a document senseless."""

from collections.abc import Iterator

from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.check_conditions import check_condition, check_selective
from tiering.core.check_metrics import Vocabulary, number_expected
from tiering.core.check_overlays import is_placed_by_score
from tiering.core.document import Document, Migration, Movement, Policy, RollUp
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]
_FREE = Movement()


def check_policy(document: Document, vocabulary: Vocabulary) -> Refusals:
    """Every reason for refusing the policy of the document."""
    policy: Policy = document.policy
    if policy.review_when is not None:
        known = {**vocabulary.catalogue, **CHANGE_METRICS}
        yield from check_condition(policy.review_when, known, "$.policy.review_when", vocabulary.subject)
    if policy.migration:
        yield from _migration(policy.migration, "$.policy.migration", document, vocabulary)


def check_roll_up(document: Document, vocabulary: Vocabulary) -> Refusals:
    """Every reason for refusing how projects' tiers become the client's."""
    roll_up = document.roll_up
    if document.subject == "project" and roll_up is None:
        yield Refusal(
            "roll_up_missing", "$",
            N_("The criteria place clients within projects and do not say which project's tier the client has."),
            N_("Add roll_up, with the rule best, worst or largest."),
        )  # fmt: skip
    if document.subject == "client" and roll_up is not None:
        yield Refusal(
            "roll_up_not_used", "$.roll_up",
            N_("The criteria place clients as a whole, so there is nothing to roll up."),
            N_("Remove roll_up, or let the subject be the project."),
        )  # fmt: skip
    elif roll_up is not None:
        yield from _by(roll_up, vocabulary)


def _by(roll_up: RollUp, vocabulary: Vocabulary) -> Refusals:
    if (roll_up.by is None) == (roll_up.rule == "largest"):
        yield Refusal(
            "roll_up_by_misplaced", "$.roll_up",
            N_("The rule largest needs a metric to compare projects by, and the other rules use none."),
            N_("Add by for the rule largest, and remove it for another."),
        )  # fmt: skip
    if roll_up.by is None:
        return
    metric = vocabulary.metric(roll_up.by)
    if metric is None:
        yield vocabulary.refusal(roll_up.by, "$.roll_up.by")
    elif not metric.is_number:
        yield number_expected("$.roll_up.by", metric.key)
    elif metric.scope != "project":
        yield Refusal(
            "roll_up_by_equal", "$.roll_up.by",
            N_("“%(metric)s” is the same in all projects of a client, so it cannot tell which is the largest."),
            N_("Choose a metric that is counted within a project."),
            {"metric": metric.key},
        )  # fmt: skip


def _migration(migration: Migration, path: str, document: Document, vocabulary: Vocabulary) -> Refusals:
    for direction, movement in (("up", migration.up), ("down", migration.down)):
        yield from _movement(movement, f"{path}.{direction}", document)
    if migration.up == migration.down == _FREE:
        yield Refusal(
            "migration_without_effect", path,
            N_("The migration policy holds nothing back."),
            N_("Add a buffer, dwell_days or max_step to up or down, or remove the policy."),
        )  # fmt: skip
    if migration.red_flags is None:
        return
    yield from check_selective(migration.red_flags, vocabulary, f"{path}.red_flags")
    if migration.down == _FREE:
        yield Refusal(
            "red_flags_without_effect", f"{path}.red_flags",
            N_("Nothing holds a fall back, so there is nothing for red flags to let through."),
            N_("Remove red_flags, or limit moves down."),
        )  # fmt: skip


def _movement(movement: Movement, path: str, document: Document) -> Refusals:
    farthest = len(document.tiers) - 1
    if movement.max_step is not None and movement.max_step > farthest:
        yield Refusal(
            "step_beyond_scale", f"{path}.max_step",
            N_("No move on a scale of %(count)s tiers is longer than %(farthest)s."),
            N_("Write at most %(farthest)s, or remove max_step."),
            {"count": len(document.tiers), "farthest": farthest},
        )  # fmt: skip
    if movement.buffer:
        for card in document.scorecards:
            if not is_placed_by_score(document, card):
                yield Refusal(
                    "buffer_without_effect", f"{path}.buffer",
                    N_("A buffer counts points, and clients of the scorecard “%(card)s” are not placed by score."),
                    N_("Remove the buffer; dwell_days and max_step work with any placement."),
                    {"card": card.key},
                )  # fmt: skip
