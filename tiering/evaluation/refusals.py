"""Why a CSV of metrics cannot be used, each with its place: ``facts.csv:7:leverage`` is row 7, column leverage."""

from django.utils.translation import gettext_lazy

from tiering.errors import CriteriaRefused


class FactsRefused(CriteriaRefused):
    """The file cannot be used; `refusals` says where, why and what to change."""

    code = "facts_refused"
    message = gettext_lazy("The facts cannot be used as they are.")
