"""Why the funnel refuses an act. Every message says what is wrong and what to do about it."""

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


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = gettext_lazy("Moving a case from “%(origin)s” to “%(stage)s” takes a reason: write why.")
    status = 400


class GateNotMet(DomainError):
    """A stage's requirement of a tier is not met."""

    code = "gate_not_met"


class TierMissing(GateNotMet):
    code = "gate_tier_missing"
    message = gettext_lazy(
        "“%(stage)s” takes tier %(minimum)s or better, and %(client)s has no tier yet."
        " Complete the client's records; the next run assigns one."
    )


class TierProvisional(GateNotMet):
    code = "gate_tier_provisional"
    message = gettext_lazy(
        "“%(stage)s” takes tier %(minimum)s or better, and the tier %(tier)s of %(client)s is provisional."
        " Supply the records that are missing or out of date; the next run confirms the tier."
    )


class TierTooLow(GateNotMet):
    code = "gate_tier_too_low"
    message = gettext_lazy(
        "“%(stage)s” takes tier %(minimum)s or better, and %(client)s is in tier %(tier)s."
        " The client page shows what would lift it."
    )


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


class NoPipeline(DomainError):
    code = "no_pipeline"
    message = gettext_lazy("No funnel has been set up. An administrator adds one with its stages.")
