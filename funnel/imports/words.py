"""Why events are refused and how to mend them, and what an import of events counts."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "unknown_pipeline": (
        _("There is no funnel “%(value)s”."),
        _("Use one of: %(known)s; or let a system administrator import it with new reference data."),
    ),
    "unknown_stage": (
        _("“%(value)s” is no stage of the funnel."),
        _("Use one of: %(known)s; or say what the name stands for where columns get their meaning."),
    ),
    "no_event": (
        _("The row says of no stage when the case entered it."),
        _("Fill in a date, or delete the row."),
    ),
    "stage_without_date": (
        _("The row does not say when the case entered “%(value)s”."),
        _("Fill in the date."),
    ),
    "mover_required": (
        _("The row does not say who moved the case, and nobody imports the file."),
        _("Give a user name, or import the file as a user."),
    ),
    "not_a_currency": (
        _("“%(value)s” is not the code of a currency."),
        _("Write its three letters, as CNY or USD."),
    ),
    "case_code_reserved": (
        _("Codes like “%(value)s” are given by the house."),
        _("Put letters of the former system before the number."),
    ),
    "case_of_another_client": (
        _("The case “%(value)s” belongs to another client."),
        _("Correct the code of the case or the client."),
    ),
    "case_of_another_pipeline": (
        _("The case “%(value)s” is in another funnel."),
        _("Correct the code of the case, or name its funnel."),
    ),
    "case_says_otherwise": (
        _("Line %(line)s names another client for the same case."),
        _("Correct the client or the code of the case."),
    ),
    "before_what_is_known": (
        _("The case is known to be in its stage since %(since)s; this is before."),
        _("Correct the date, or delete the row."),
    ),
    "case_incomplete": (
        _("Line %(line)s of the same case is refused."),
        _("Mend that line: a case comes in whole or not at all."),
    ),
}

RECORDS = {
    "cases": _("Cases added"),
    "cases_changed": _("Cases continued"),
    "moves": _("Stage events added"),
    "new_clients": _("Clients added"),
    "new_projects": _("Projects added"),
    "new_pipelines": _("Funnels added"),
    "new_stages": _("Stages added"),
    "backwards": _("Dates that run backwards"),
}
