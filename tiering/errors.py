"""What tiering refuses to do, by name."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_lazy

from crm.errors import DomainError
from tiering.core.refusals import Refusal

MOST_NAMES = 5
"""How many names a refusal spells out."""


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = gettext_lazy(
        "Somebody decided on this proposal already, or it has been replaced by a newer one."
    )


class StaleProposal(DomainError):
    code = "stale_proposal"
    message = gettext_lazy(
        "The client's facts or tier, or the criteria, changed after this was proposed. "
        "Wait for the new proposal and decide on that."
    )


class EvidenceOutdated(DomainError):
    code = "evidence_outdated"
    message = gettext_lazy(
        "The client's records changed a moment ago and are being assessed. Decide once that is done."
    )


class OwnProposal(DomainError):
    code = "own_proposal"
    message = gettext_lazy(
        "You asked for the run that made this proposal. Somebody else has to decide on it."
    )
    status = 403


class ClientsOwnRM(DomainError):
    code = "clients_own_rm"
    message = gettext_lazy(
        "You are the client's relationship manager. Somebody else has to decide on its tier."
    )
    status = 403


class CommentRequired(DomainError):
    code = "comment_required"
    message = gettext_lazy("Say why you reject the proposal.")
    status = 400


class ProposalNotFound(DomainError):
    """Also for a proposal that the user may not see: the answer is the same."""

    code = "not_found"
    message = gettext_lazy("There is no such proposal.")
    status = 404


class NoCriteria(DomainError):
    code = "no_criteria"
    message = gettext_lazy("No published criteria were in effect at that time. Publish criteria first.")


class NotInEffect(DomainError):
    code = "not_in_effect"
    message = gettext_lazy(
        "An official run goes by the criteria that were in effect at its moment. "
        "Choose a simulation to try out another version."
    )


class ShadowOfADraft(DomainError):
    code = "shadow_of_a_draft"
    message = gettext_lazy(
        "Only a version that somebody approved runs in the shadow. Simulate a draft instead."
    )


class RanksNeedFacts(DomainError):
    code = "ranks_need_facts"
    message = gettext_lazy(
        "A trial by records cannot rank clients among the whole book. Run it on the facts in force."
    )


class RunInTheFuture(DomainError):
    code = "as_of_in_the_future"
    message = gettext_lazy(
        "A run cannot look at a moment that has not come yet. Choose a moment in the past."
    )
    status = 400


class CriteriaRefused(DomainError):
    """The document cannot be used; `refusals` says where, why and what to change."""

    code = "criteria_refused"
    message = gettext_lazy("The criteria cannot be used as they are.")
    status = 400

    def __init__(self, refusals: Sequence[Refusal]):
        super().__init__()
        self.refusals = tuple(refusals)

    @property
    def fields(self) -> dict[str, list[str]]:
        """By JSON path, what is wrong and what to do, in the reader's language."""
        found: dict[str, list[str]] = {}
        for refusal in self.refusals:
            found.setdefault(refusal.path, []).append(f"{refusal.text(gettext)} {refusal.remedy(gettext)}")
        return found


class OwnCriteria(DomainError):
    code = "own_criteria"
    message = gettext_lazy(
        "You wrote, edited or submitted this version of the criteria. Somebody else has to approve and publish it."
    )
    status = 403


class NotADraft(DomainError):
    code = "not_a_draft"
    message = gettext_lazy(
        "Only a draft can be changed or submitted, and this version is not a draft any more."
    )


class NotSubmitted(DomainError):
    code = "not_submitted"
    message = gettext_lazy(
        "This version is not waiting for approval. Somebody may have taken it back or decided."
    )


class NotApproved(DomainError):
    code = "not_approved"
    message = gettext_lazy(
        "Only an approved version can be published. Have a second person approve it first."
    )


class VersionDiscarded(DomainError):
    code = "version_discarded"
    message = gettext_lazy("Somebody discarded this draft in the meantime.")
    status = 404


class OtherContent(DomainError):
    code = "other_content"
    message = gettext_lazy(
        "The version was changed after you opened it. Look at it again before you approve it."
    )


class OtherBasis(DomainError):
    code = "other_basis"
    message = gettext_lazy(
        "Another version was published after you opened the page. Look again at what this one changes of it."
    )


class PurposeRequired(DomainError):
    code = "purpose_required"
    message = gettext_lazy("Say what changes and why: whoever approves it reads that first.")
    status = 400


class ReasonRequired(DomainError):
    code = "reason_required"
    message = gettext_lazy("Say what has to change before you would approve it.")
    status = 400


class WhyCalledOff(ReasonRequired):
    message = gettext_lazy("Say why it is called off: its authors read it.")


class NothingToCallOff(DomainError):
    code = "nothing_to_call_off"
    message = gettext_lazy(
        "Only a published version can be called off, until a minute before it takes effect. Publish another version in"
        " its place."
    )


class DraftIsUsed(DomainError):
    code = "draft_is_used"
    message = gettext_lazy(
        "Something rests on this draft, so it has to stay: a run that tried it out, or another draft begun from it."
    )


class TestsFail(DomainError):
    """`names` are those of the test cases that do not come out as expected."""

    code = "tests_fail"
    message = gettext_lazy(
        "Test cases do not come out as expected: %(names)s. Put the criteria right, or what is expected of them."
    )
    __test__ = False  # no test case of pytest's

    def __init__(self, names: Sequence[str]):
        more = len(names) - MOST_NAMES
        shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
        super().__init__(names=f"{shown} … +{more}" if more > 0 else shown)
        self.names = tuple(names)


class TooManyTests(DomainError):
    code = "too_many_tests"
    message = gettext_lazy("A version has %(most)s test cases at most. Remove some first.")


class EffectiveTooEarly(DomainError):
    code = "effective_too_early"
    message = gettext_lazy("The new version must take effect later than the version it replaces.")


class EffectiveTooLate(DomainError):
    code = "effective_too_late"
    message = gettext_lazy("A version takes effect within %(years)s years. Choose an earlier moment.")


class TiersDiffer(DomainError):
    code = "tiers_differ"
    message = gettext_lazy(
        "The scheme has the tiers %(known)s, and the criteria name %(named)s. "
        "Clients hold these tiers: their names and colours may change, the tiers and their order not. "
        "Use the same tiers in the same order, or make a new scheme."
    )


class SubjectDiffers(DomainError):
    code = "subject_differs"
    message = gettext_lazy(
        "The scheme places clients as a whole and the criteria place them within projects, or the other way round. "
        "Use another scheme."
    )


class SchemeOfProjects(DomainError):
    code = "scheme_of_projects"
    message = gettext_lazy(
        "This scheme places clients within projects. The primary one has to place clients as a whole."
    )


class LostLease(DomainError):
    """The chunk was done, or given to another worker, while this one held it."""

    code = "lost_lease"
    message = gettext_lazy("The chunk is not this worker's any more.")


def failure_text(error: Exception) -> str:
    """What is kept of a failure for people to read: not its further lines, in which databases quote whole rows."""
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:500]


class NothingToRetry(DomainError):
    code = "nothing_to_retry"
    message = gettext_lazy("No chunk of this run is quarantined any more.")


class NobodyLeftBehind(DomainError):
    code = "nobody_left_behind"
    message = gettext_lazy("No client waits to be tried again any more.")


class UnknownOverlay(DomainError):
    code = "unknown_overlay"
    message = gettext_lazy(
        "The criteria in effect have no overlay “%(overlay)s”. Choose one of theirs, or publish it first."
    )
    status = 400


class OverlayAlreadyOn(DomainError):
    code = "overlay_already_on"
    message = gettext_lazy(
        "The overlay is on, or asked for, in a part of that time already. End that first, or choose another time."
    )


class OverlayEndsTooEarly(DomainError):
    code = "overlay_ends_too_early"
    message = gettext_lazy("An overlay ends after it begins and not in the past. Choose a later end.")
    status = 400


class OwnActivation(DomainError):
    code = "own_activation"
    message = gettext_lazy("You asked for this overlay. Somebody else has to approve it.")
    status = 403


class AlreadyApproved(DomainError):
    code = "already_approved"
    message = gettext_lazy("Somebody approved this overlay already.")


class OverlayOver(DomainError):
    code = "overlay_over"
    message = gettext_lazy("The time of this overlay is over.")
