"""Lists as files: asked for, agreed to where they are large, fetched once, and kept in mind for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm import slots
from crm.errors import DomainError, Invalid, NotPermitted
from crm.exporting.files import Sending, as_csv, as_xlsx
from crm.exporting.sources import Exportable
from crm.formats import moment
from crm.models import Export, Role, User
from crm.services.notices import notify

MOST = 1_000_000
ASKED, DECIDED = "export-asked", "export-decided"
"""The kinds of notices to those who may agree, and to who asked."""
Status = Export.Status


class UnknownList(DomainError):
    code = "unknown_list"
    message = _("There is no list “%(source)s” that can be exported.")
    status = 400


class NothingToExport(DomainError):
    code = "nothing_to_export"
    message = _("The list is empty. Widen its filter, then export it.")
    status = 400


class AlreadyDecided(DomainError):
    code = "export_decided"
    message = _("This export is decided already. Reload the page to see how.")


class NotToBeFetched(DomainError):
    code = "export_not_ready"
    message = _("This file cannot be fetched: it waits for approval, was fetched already, or has expired.")


def cap_of(user: User) -> int:
    """How many rows the user may export without anybody's approval."""
    return int(settings.EXPORT_CAPS.get(user.role, 0))


def listed(*, by: User, source: str, query: str, columns: Sequence[str] = ()) -> Exportable:
    """The list as the user sees it. Raises NotPermitted and UnknownList."""
    if not by.has_perm("crm.export"):
        raise NotPermitted
    entry = slots.export_sources.get(source, by)
    if entry is None:
        raise UnknownList(source=source)
    return entry.read(query, columns, by)


@transaction.atomic
def ask(
    *,
    by: User,
    source: str,
    form: str,
    language: str,
    query: str = "",
    columns: Sequence[str] = (),
    reason: str = "",
) -> Export:
    """Ask for a list as a file. Up to the cap of the role it may be fetched at once; above, somebody else has to agree,
    and wants a reason. Raises NotPermitted, UnknownList, NothingToExport and Invalid."""
    found = listed(by=by, source=source, query=query, columns=columns)
    rows, cap = found.count(MOST), cap_of(by)
    if not rows:
        raise NothingToExport
    if rows > cap and not reason.strip():
        raise Invalid(
            {"reason": [str(_("Say what you need the file for: somebody else has to agree to it."))]}
        )
    export = Export(
        source=source,
        form=form,
        language=language,
        query=query,
        words=_words(by, source, query),
        columns=[column.key for column in found.columns],
        rows=rows,
        reason=reason.strip()[:300],
        asked_by=by,
        status=Status.ASKED if rows > cap else Status.READY,
        expires_at=None if rows > cap else _expiry(),
    )
    export.save()
    if export.status == Status.ASKED:
        _tell_deciders(export)
    return export


def _words(by: User, source: str, query: str) -> dict[str, str]:
    """The filter in every language of the house: who decides or looks it up later may read another than who asks."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = listed(by=by, source=source, query=query).words
    return said


def _tell_deciders(export: Export) -> None:
    deciders = [user for user in User.objects.filter(is_active=True) if may_decide(user, export)]
    notify(
        kind=ASKED,
        event=f"export-{export.pk}-asked",
        recipients=deciders,
        params=_told(export, export.asked_by),
    )


def _told(export: Export, by: User) -> dict[str, object]:
    return {"source": export.source, "rows": export.rows, "by": by.name, "by_zh": by.name_zh}


@transaction.atomic
def decide(*, by: User, export: Export, agree: bool, comment: str = "") -> Export:
    """Agree to an export above the cap, or refuse it. Raises NotPermitted (also to who asked), AlreadyDecided, and
    Invalid for a refusal without a word why."""
    found = Export.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=export.pk)
    if not may_decide(by, found):
        raise NotPermitted
    if found.status != Status.ASKED:
        raise AlreadyDecided
    if not agree and not comment.strip():
        raise Invalid({"comment": [str(_("Say why you refuse it."))]})
    found.status = Status.READY if agree else Status.REFUSED
    found.decided_by, found.decided_at, found.comment = by, timezone.now(), comment.strip()[:300]
    found.expires_at = _expiry() if agree else None
    found.save()
    notify(
        kind=DECIDED,
        event=f"export-{found.pk}-decided",
        recipients=[found.asked_by],
        params={**_told(found, by), "agreed": agree, "comment": found.comment},
    )
    return found


def may_decide(user: User, export: Export) -> bool:
    """A team lead decides on what the RMs of the team ask for, a risk officer on anything; nobody on their own."""
    if export.asked_by_id == user.pk or not user.has_perm("crm.decide_exports"):
        return False
    if user.role == Role.TEAM_LEAD:
        return export.asked_by.role == Role.RM and export.asked_by.team_id == user.team_id
    return True


def fetch(*, by: User, export: Export) -> Iterator[bytes]:
    """The file, once, for who asked for it; with what they may see now. Raises NotToBeFetched."""
    claimed = Export.objects.filter(
        pk=export.pk, asked_by=by, status=Status.READY, expires_at__gt=Now(), fetched_at__isnull=True
    ).update(status=Status.FETCHED, fetched_at=Now())
    if not claimed:
        raise NotToBeFetched
    export.refresh_from_db()
    with override(export.language):
        found = listed(by=by, source=export.source, query=export.query, columns=export.columns)
        mark = mark_of(export)
    sending = Sending(found, export.language, mark, limit=export.rows)
    return _sent(export, sending)


def mark_of(export: Export) -> str:
    """Who took the file, when, and what it is of: it stands in the file itself."""
    who = f"{export.asked_by.name} ({export.asked_by.username})"
    text = _("Strata export %(number)d · %(who)s · %(when)s · %(rows)d rows · %(words)s · confidential")
    return str(text) % {
        "number": export.pk,
        "who": who,
        "when": moment(timezone.localtime(export.fetched_at or timezone.now())),
        "rows": export.rows,
        "words": export.said or export.source,
    }


def _sent(export: Export, sending: Sending) -> Iterator[bytes]:
    """How many rows went is kept even where the reader goes away."""
    try:
        yield from as_xlsx(sending) if export.form == Export.Form.XLSX else as_csv(sending)
    finally:
        Export.objects.filter(pk=export.pk).update(sent=sending.sent)


def _expiry():
    return timezone.now() + timedelta(days=settings.EXPORT_DAYS)
