"""What overrides are refused for, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError


class NotAssessed(DomainError):
    code = "not_assessed"
    message = gettext_lazy(
        "The criteria have not assessed this client in the scheme yet, so there is nothing to deviate from."
    )


class AlreadyAsked(DomainError):
    code = "already_asked"
    message = gettext_lazy(
        "An override of this is asked for already. Have it decided, or withdrawn, before you ask for another."
    )


class OverrideDecided(DomainError):
    code = "override_decided"
    message = gettext_lazy("This override does not wait any more: somebody decided, or it was withdrawn.")


class OverrideNotInForce(DomainError):
    code = "override_not_in_force"
    message = gettext_lazy("This override is not in force, so it cannot be ended or renewed.")


class OverrideOver(DomainError):
    code = "override_over"
    message = gettext_lazy("The last day of this override is over. Ask for another one.")


class OwnOverride(DomainError):
    code = "own_override"
    message = gettext_lazy("You asked for this override. Somebody else has to decide on it.")
    status = 403


class NotYourRequest(DomainError):
    code = "not_your_request"
    message = gettext_lazy("Only who asked for an override withdraws it. A risk officer can reject it.")


class AssessedSince(DomainError):
    code = "assessed_since"
    message = gettext_lazy(
        "The client was assessed anew after this page was opened. Look at what the criteria say now, and decide again."
    )


class AssessedSinceVotes(DomainError):
    code = "assessed_since_votes"
    message = gettext_lazy(
        "The client was assessed anew after the first vote. Reject this override; it can be asked for again."
    )


class CriteriaAgree(DomainError):
    code = "criteria_agree"
    message = gettext_lazy("The criteria say the same by now, so nothing is left to override.")


class OtherInForce(DomainError):
    code = "other_in_force"
    message = gettext_lazy(
        "Another override of this came in force after this one was asked for. Reject it, and renew that one."
    )


class TooFar(DomainError):
    code = "override_too_far"
    message = gettext_lazy(
        "This moves the tier by %(notches)s steps from what the criteria say; an override may move it by %(most)s."
    )


class CapReached(DomainError):
    """The figures are those with this override in them."""

    code = "override_cap_reached"
    message = gettext_lazy(
        "With this one, %(count)s of %(book)s would be overridden in this direction; %(most)s may be (%(share)s). "
        "End others first, or have the criteria changed."
    )


class OfficerCapReached(CapReached):
    code = "override_officer_cap_reached"
    message = gettext_lazy(
        "With this one, you would have approved %(count)s overrides in force in this direction; one officer may hold "
        "%(most)s (%(share)s of %(book)s). Leave it to a colleague."
    )


class EndReasonRequired(DomainError):
    code = "end_reason_required"
    message = gettext_lazy("Say why the override ends before its last day.")
    status = 400
