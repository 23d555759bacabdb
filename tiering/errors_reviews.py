"""What is refused to those who decide on proposals and to those who talk about them, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError


class GradeTooLow(DomainError):
    code = "grade_too_low"
    message = gettext_lazy(
        "The authority asks for an officer of grade %(needs)s here, and yours is %(has)s. "
        "Hand the change over to somebody who has it."
    )
    status = 403


class HasInterest(DomainError):
    code = "has_interest"
    message = gettext_lazy("You declared an interest in this client. Somebody else has to decide.")
    status = 403


class AlreadyVoted(DomainError):
    code = "already_voted"
    message = gettext_lazy(
        "You voted on this already, or somebody did for whom you act. Another member of the committee has to vote."
    )


class CommitteeAlready(DomainError):
    code = "committee_already"
    message = gettext_lazy("A committee decides on this already.")


class VotesCast(DomainError):
    code = "votes_cast"
    message = gettext_lazy("Votes were cast on this already, so who decides cannot be changed any more.")


class CommitteeTooSmall(DomainError):
    code = "committee_too_small"
    message = gettext_lazy(
        "A committee has 2 to %(most)s members, and no more approvals can be needed than it has."
    )
    status = 400


class CommitteeReasonRequired(DomainError):
    code = "reason_required"
    message = gettext_lazy("Say why several should decide on this.")
    status = 400


class NobodyToDecide(DomainError):
    code = "nobody_to_decide"
    message = gettext_lazy(
        "Only %(found)s officers may vote on this, and %(members)s are asked for. Ask for fewer."
    )


class NoLongerWaits(DomainError):
    code = "no_longer_waits"
    message = gettext_lazy("This change does not wait for a decision any more.")


class TextRequired(DomainError):
    code = "text_required"
    message = gettext_lazy("Write what you want to say.")
    status = 400


class NobodyToAsk(DomainError):
    code = "nobody_to_ask"
    message = gettext_lazy(
        "The client has no relationship manager who could answer. Have one assigned first."
    )


class QuestionAnswered(DomainError):
    code = "question_answered"
    message = gettext_lazy("This question has been answered already.")


class NotEligible(DomainError):
    code = "not_eligible"
    message = gettext_lazy(
        "%(name)s cannot decide on this change: away, of too low a grade, or not independent of it. Choose another."
    )
    status = 400


class AssignedMeanwhile(DomainError):
    code = "assigned_meanwhile"
    message = gettext_lazy("Somebody else works on this meanwhile. Look again before you take it over.")


class ViewNameTaken(DomainError):
    code = "view_name_taken"
    message = gettext_lazy("There is a view named “%(name)s” already. Choose another name.")


class ViewNameRequired(DomainError):
    code = "view_name_required"
    message = gettext_lazy("Give the view a name.")
    status = 400
