"""What is refused to those who validate criteria or let versions compete, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError


class UnknownOutcome(DomainError):
    code = "unknown_outcome"
    message = gettext_lazy("There is no such outcome. Choose one of the list.")
    status = 400


class HorizonTooShort(DomainError):
    code = "horizon_too_short"
    message = gettext_lazy("This outcome takes at least %(months)s months to show. Choose a longer horizon.")
    status = 400


class HorizonTooLong(DomainError):
    code = "horizon_too_long"
    message = gettext_lazy("Choose a horizon of %(months)s months at most.")
    status = 400


class NoDayChosen(DomainError):
    code = "no_day_chosen"
    message = gettext_lazy("Choose at least one day.")
    status = 400


class HorizonNotOver(DomainError):
    code = "horizon_not_over"
    message = gettext_lazy(
        "What became of clients by %(end)s is not known yet. Choose days up to %(latest)s, or a shorter horizon."
    )
    status = 400


class NothingKnownThen(DomainError):
    code = "nothing_known_then"
    message = gettext_lazy("No facts are stored for %(day)s. Choose days from %(first)s on.")
    status = 400


class TooManyDays(DomainError):
    code = "too_many_days"
    message = gettext_lazy("Choose at most %(most)s days.")
    status = 400


class ValidatesClientsOnly(DomainError):
    code = "validates_clients_only"
    message = gettext_lazy(
        "Outcomes are of clients, and this method is about clients within projects. Choose another scheme."
    )
    status = 400


class ChallengerInEffect(DomainError):
    code = "challenger_is_in_effect"
    message = gettext_lazy("This version is in effect already. Choose another one to run beside it.")


class AlreadyChallenging(DomainError):
    code = "already_challenging"
    message = gettext_lazy("This version runs beside what is in effect already.")


class ChallengeOver(DomainError):
    code = "challenge_over"
    message = gettext_lazy("This comparison has ended already.")


class NothingToPropose(DomainError):
    code = "nothing_to_propose"
    message = gettext_lazy(
        "History has too few outcomes to propose anything from: %(bad)s bad ones. Choose more days, a longer horizon or "
        "another outcome."
    )


class MetricsRequired(DomainError):
    code = "metrics_required"
    message = gettext_lazy("Choose numbers that are known of clients as a whole.")
    status = 400


class TooFewMetrics(DomainError):
    code = "too_few_metrics"
    message = gettext_lazy("Choose between %(least)s and %(most)s metrics.")
    status = 400


class TooManySegments(DomainError):
    code = "too_many_segments"
    message = gettext_lazy("Choose between 2 and %(most)s segments, or leave the number open.")
    status = 400


class TooFewClients(DomainError):
    code = "too_few_clients"
    message = gettext_lazy("Segments need %(least)s clients at least whose facts are known.")


class ReasonRequired(DomainError):
    code = "reason_required"
    message = gettext_lazy("Say what the comparison is to show.")
    status = 400


class CurveOfADraft(DomainError):
    code = "curve_of_a_draft"
    message = gettext_lazy("Only what is in effect assesses clients. Publish this version first.")


class CurveReadsItself(DomainError):
    code = "curve_reads_itself"
    message = gettext_lazy(
        "These criteria read %(metric)s themselves: a probability must not rest on itself. Take the metric out first."
    )


class OutcomeIsNoDefault(DomainError):
    code = "outcome_is_no_default"
    message = gettext_lazy(
        "A probability of default is of default or of being overdue. Choose one of the two."
    )
    status = 400


class TooFewOutcomes(DomainError):
    code = "too_few_outcomes"
    message = gettext_lazy(
        "A curve needs at least %(least)s bad outcomes and as many good ones; there are %(bad)s and %(good)s. Choose "
        "more days or a longer horizon."
    )


class ScoreTellsNothing(DomainError):
    code = "score_tells_nothing"
    message = gettext_lazy(
        "Better scores did not go with fewer bad outcomes, so there is no curve. Validate the version first."
    )


class CurveNotFound(DomainError):
    code = "curve_not_found"
    message = gettext_lazy("The curve is not computed yet, or could not be.")


class OwnCurve(DomainError):
    code = "own_curve"
    message = gettext_lazy("You asked for this curve. Somebody else has to approve it.")
    status = 403


class CurveApproved(DomainError):
    code = "curve_approved"
    message = gettext_lazy("This curve has been approved already.")


class CurveNotInUse(DomainError):
    code = "curve_not_in_use"
    message = gettext_lazy("This curve is not in use.")


class MetricTaken(DomainError):
    code = "metric_taken"
    message = gettext_lazy(
        "The institution has a metric %(metric)s of another kind already. Rename that one first."
    )


class SchemeTaken(DomainError):
    code = "scheme_taken"
    message = gettext_lazy("There is a scheme with this key already. Choose another key.")
    status = 400


class SegmentsNotFound(DomainError):
    code = "segments_not_found"
    message = gettext_lazy("The segments are not found yet, or could not be.")
