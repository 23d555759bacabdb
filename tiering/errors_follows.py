"""What is refused to those who act on what follows from a tier, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError


class ChangeDecided(DomainError):
    code = "change_decided"
    message = gettext_lazy("Somebody decided on this change already, or it has been replaced by a newer one.")


class ChangeReasonRequired(DomainError):
    code = "change_reason_required"
    message = gettext_lazy("Say why you accept or decline the change.")
    status = 400


class RMDoesNotDecide(DomainError):
    code = "rm_does_not_decide"
    message = gettext_lazy(
        "You are the client's relationship manager. The lead of the team or a risk officer has to decide on this."
    )
    status = 403


class FacilityMoved(DomainError):
    code = "facility_moved"
    message = gettext_lazy(
        "The facility is not what it was when this was proposed. Decline the change, and change the facility by hand."
    )


class ChangeNotFound(DomainError):
    """Also for a change that the user may not see: the answer is the same."""

    code = "not_found"
    message = gettext_lazy("There is no such change.")
    status = 404


class ReviewNotOpen(DomainError):
    code = "review_not_open"
    message = gettext_lazy("This review is not open any more: somebody prepared or signed it meanwhile.")


class ReviewNotPrepared(DomainError):
    code = "review_not_prepared"
    message = gettext_lazy("This review does not wait for a signature: somebody signed it or sent it back.")


class FindingsRequired(DomainError):
    code = "findings_required"
    message = gettext_lazy("Write down what you found, and choose what is concluded from it.")
    status = 400


class RemarkRequired(DomainError):
    code = "remark_required"
    message = gettext_lazy("Say what is missing when you send a review back.")
    status = 400


class OwnReview(DomainError):
    code = "own_review"
    message = gettext_lazy(
        "You prepared this review or are the client's relationship manager. Another risk officer has to sign it."
    )
    status = 403


class NothingAssessed(DomainError):
    code = "nothing_assessed"
    message = gettext_lazy("The client has no tier in this scheme any more, so there is nothing to sign.")
