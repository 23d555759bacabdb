"""Why the funnel refuses an act. Every message says what is wrong and what to do about it."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError


class NotTheHolder(DomainError):
    """The client is in somebody else's book."""

    code = "not_the_holder"
    message = gettext_lazy(
        "Only the relationship manager of %(client)s or the lead of the team may do this. Ask one of them."
    )
    status = 403


class MovedMeanwhile(Conflict):
    """The case is no longer at the version that the mover saw."""

    code = "moved_meanwhile"
    message = gettext_lazy(
        "%(who)s moved this case to “%(stage)s” on %(when)s. It is shown there now;"
        " move it from there if you still want to."
    )


class AlreadyThere(DomainError):
    code = "already_there"
    message = gettext_lazy("The case is already in “%(stage)s”. Choose another stage.")


class OtherPipeline(DomainError):
    code = "other_pipeline"
    message = gettext_lazy("“%(stage)s” belongs to another funnel. Choose a stage of the case's own funnel.")
    status = 400


class CaseClosed(DomainError):
    """An approved or declined case starts again at the beginning or not at all."""

    code = "case_closed"
    message = gettext_lazy(
        "The case is closed as “%(stage)s”. It can only be reopened, into “%(first)s”, with a reason."
    )


class CaseDissolved(DomainError):
    """It was split, or merged into another case."""

    code = "case_dissolved"
    message = gettext_lazy(
        "%(case)s was split or merged. Go on with what became of it; its page says which case that is."
    )


class RecutReasonMissing(DomainError):
    code = "recut_reason_missing"
    message = gettext_lazy("Splitting, merging and taking either back take a reason: write why.")
    status = 400


class PartsMissing(DomainError):
    code = "parts_missing"
    message = gettext_lazy("A case is split into two to ten parts. Say what each of them asks for.")
    status = 400


class PartsDoNotAddUp(DomainError):
    code = "parts_do_not_add_up"
    message = gettext_lazy(
        "The parts come to %(total)s and the case asks for %(amount)s. Still to be shared out: %(left)s."
    )
    status = 400


class NotAlike(DomainError):
    code = "not_alike"
    message = gettext_lazy(
        "%(case)s cannot be merged into %(into)s: choose another open case of the same client and funnel."
    )


class RecutUndone(DomainError):
    code = "recut_undone"
    message = gettext_lazy("This was taken back already.")


class RecutWentOn(DomainError):
    code = "recut_went_on"
    message = gettext_lazy("It cannot be taken back any more: somebody went on with %(cases)s.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = gettext_lazy("Moving a case from “%(origin)s” to “%(stage)s” takes a reason: write why.")
    status = 400


class Missing(NamedTuple):
    """One thing that a stage asks for and the case does not have: a stable code, words with the fix, and the address of
    the page where it is fixed."""

    code: str
    text: str
    url: str


class GateNotMet(DomainError):
    """A stage asks for what is missing: `missing`, all of it."""

    code = "gate_not_met"

    def __init__(self, missing: Sequence[Missing]):
        super().__init__()
        self.missing = tuple(missing)

    def __str__(self) -> str:
        return " ".join(one.text for one in self.missing)


class NothingToWaive(DomainError):
    code = "nothing_to_waive"
    message = gettext_lazy("The case meets everything that “%(stage)s” asks for. It needs no waiver.")


class PartyToTheCase(DomainError):
    """Four eyes: who works on a case decides nothing about it."""

    code = "party_to_the_case"
    message = gettext_lazy(
        "You work on this case or have an interest in the client. Somebody else has to decide on it."
    )
    status = 403


class NotAskedFor(DomainError):
    code = "approval_not_asked_for"
    message = gettext_lazy("“%(stage)s” does not ask for an approval by your role now.")


class UnknownReason(DomainError):
    code = "unknown_reason"
    message = gettext_lazy("Choose one of the reasons of “%(stage)s”: %(known)s.")
    status = 400


class EditedMeanwhile(Conflict):
    code = "edited_meanwhile"
    message = gettext_lazy(
        "Somebody edited this in the meantime. Look at what it says now, and edit that if you still want to."
    )


class CheckClosed(DomainError):
    code = "check_closed"
    message = gettext_lazy("This point is finished. Reopen it to change it.")


class FindingMissing(DomainError):
    code = "finding_missing"
    message = gettext_lazy("Finishing a point takes words on what was found, or on why it does not apply.")
    status = 400


class SheetInPreparation(DomainError):
    code = "sheet_in_preparation"
    message = gettext_lazy("Another version of the term sheet is in preparation. Go on with that one.")


class NotADraftSheet(DomainError):
    code = "not_a_draft"
    message = gettext_lazy("This term sheet is no draft any more. Begin a new version.")


class SheetNotSubmitted(DomainError):
    code = "not_submitted"
    message = gettext_lazy("This term sheet is not submitted. Reload the page to see where it is.")


class SheetOutOfDate(DomainError):
    code = "sheet_out_of_date"
    message = gettext_lazy("The day until which the offer is valid is over. Choose a later one.")
    status = 400


class DepartureReasonMissing(DomainError):
    code = "departure_reason_missing"
    message = gettext_lazy("The term sheet departs from the tier policy: write why it should.")
    status = 400


class SheetRemarkMissing(DomainError):
    code = "sheet_remark_missing"
    message = gettext_lazy("Sending a term sheet back takes a remark: write what is to change.")
    status = 400


class WaiverNotAskedFor(DomainError):
    code = "waiver_not_asked_for"
    message = gettext_lazy("Nobody asks for a waiver of this condition any more. Look at how it stands now.")


class WaiverRemarkMissing(DomainError):
    code = "waiver_remark_missing"
    message = gettext_lazy("Refusing a waiver takes a remark: write why the condition has to be met.")
    status = 400


class NoRate(DomainError):
    code = "no_rate"
    message = gettext_lazy("There is no rate for %(currency)s yet. A system administrator enters one.")
    status = 400


class StageRetired(DomainError):
    code = "stage_retired"
    message = gettext_lazy(
        "“%(stage)s” is no longer a stage of this funnel. Choose one of those on the board."
    )


class PipelineNotForProduct(DomainError):
    code = "pipeline_not_for_product"
    message = gettext_lazy("“%(pipeline)s” is not for this product. Choose another funnel.")
    status = 400


class ProjectOfOthers(DomainError):
    code = "project_of_others"
    message = gettext_lazy(
        "%(client)s takes no part in the project %(project)s. Choose one of the client's projects or none."
    )
    status = 400


class AmountNotPositive(DomainError):
    code = "amount_not_positive"
    message = gettext_lazy("The amount is more than nothing. Enter the amount asked for.")
    status = 400


class PipelineOfEachRow(DomainError):
    code = "pipeline_of_each_row"
    message = gettext_lazy(
        "A file is about one funnel. Leave that column out, and name the funnel as the value for every row."
    )
    status = 400


class NoPipeline(DomainError):
    code = "no_pipeline"
    message = gettext_lazy("No funnel has been set up. An administrator adds one with its stages.")


class InPreparation(DomainError):
    code = "in_preparation"
    message = gettext_lazy("Another version of this funnel is in preparation. Go on with that one.")


class NotADraftVersion(DomainError):
    code = "not_a_draft"
    message = gettext_lazy("This version is no draft any more. Begin a new one.")


class NotSubmittedVersion(DomainError):
    code = "not_submitted"
    message = gettext_lazy("This version is not submitted. Reload the page to see where it is.")


class OwnVersion(DomainError):
    code = "own_version"
    message = gettext_lazy("You wrote or submitted this version. Somebody else publishes it.")
    status = 403


class PurposeMissing(DomainError):
    code = "purpose_missing"
    message = gettext_lazy("Say in words what changes and why.")
    status = 400


class PipelineKeyTaken(DomainError):
    code = "pipeline_key_taken"
    message = gettext_lazy("There is a funnel with the key %(key)s already. Choose another key.")
    status = 400


class TargetSetMeanwhile(Conflict):
    """The target is no longer at the version that was seen; `wanted` is the one that was to be set."""

    code = "target_set_meanwhile"
    message = gettext_lazy(
        "The target of %(whose)s for %(month)s was changed meanwhile. It stands as it is now; set it anew if you still"
        " want to."
    )
