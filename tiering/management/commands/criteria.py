"""Criteria documents from files: `criteria check FILE`, `criteria load FILE --author USER`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext

from crm.errors import DomainError
from crm.models import User
from tiering.core.check import check_data
from tiering.core.refusals import Refusal
from tiering.errors import CriteriaRefused
from tiering.services.criteria import load_criteria, publish_version


class Command(BaseCommand):
    help = "Check a criteria document, or load it as a draft and, by a second person, publish it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="say everything that stands against publishing a document")
        check.add_argument("file", type=Path)
        load = acts.add_parser("load", help="store a document as a draft")
        load.add_argument("file", type=Path)
        load.add_argument("--author", required=True, help="user name of the author")
        load.add_argument("--approver", help="user name of a second person, who publishes it at once")
        load.add_argument(
            "--effective-from", help="ISO date and time from which it is in effect (default: now)"
        )

    def handle(self, *args: Any, act: str, file: Path, **options: Any) -> None:
        document = _read(file)
        if act == "check":
            self._check(document)
        else:
            self._load(document, options)

    def _check(self, document: Any) -> None:
        refusals = check_data(document)
        if refusals:
            raise CommandError(_listed(refusals))
        self.stdout.write(self.style.SUCCESS("Nothing stands against publishing it."))

    def _load(self, document: Any, options: dict[str, Any]) -> None:
        try:
            version = load_criteria(document=document, author=_user(options["author"]))
            if options["approver"]:
                version = publish_version(
                    version=version,
                    approver=_user(options["approver"]),
                    effective_from=_moment(options["effective_from"]),
                )
        except CriteriaRefused as error:
            raise CommandError(_listed(error.refusals)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            self.style.SUCCESS(f"{version.criteria}: version {version.number}, {version.status}")
        )


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}") from error


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user named “{username}”.")
    return user


def _moment(text: str | None) -> Any:
    if text is None:
        return None
    moment = parse_datetime(text)
    if moment is None:
        raise CommandError(f"“{text}” is not a date and time such as 2026-01-31T00:00.")
    return make_aware(moment) if is_naive(moment) else moment


def _listed(refusals: tuple[Refusal, ...]) -> str:
    return "\n".join(f"{r.path}: {r.text(gettext)} {r.remedy(gettext)}" for r in refusals)
