"""Named refusals of services, in the reader's language wherever they surface: page, API or command."""

from typing import Any

from django.utils.translation import gettext_lazy


class DomainError(Exception):
    """A rule of the house refuses an act. `code` is stable; `message` (with `params`) says what is wrong and the fix."""

    code = "refused"
    message: Any = gettext_lazy("This is not possible.")
    status = 409  # the HTTP status the API answers with

    def __init__(self, **params: Any):
        super().__init__(self.code, params)
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


class NotPermitted(DomainError):
    code = "not_permitted"
    message = gettext_lazy("Your role does not allow this.")
    status = 403


class Conflict(DomainError):
    """Somebody else changed the record since it was read."""

    code = "conflict"
    message = gettext_lazy("Somebody changed this in the meantime. Look at the new state and try again.")


class MergedMeanwhile(Conflict):
    """What was written belongs to a client that was merged into another one while it was written."""

    code = "merged_meanwhile"
    message = gettext_lazy(
        "The client was merged into another one in the meantime. Nothing was written; open the other one and try again."
    )


class Invalid(DomainError):
    """Input that breaks rules, field by field: {field: [message, …]}."""

    code = "invalid"
    message = gettext_lazy("Some fields need attention.")
    status = 400

    def __init__(self, fields: dict[str, list[str]]):
        super().__init__()
        self.fields = fields

    @classmethod
    def from_validation(cls, error) -> "Invalid":
        """From Django's ValidationError."""
        if hasattr(error, "message_dict"):
            return cls(error.message_dict)
        return cls({"": error.messages})

    def __str__(self) -> str:
        return " ".join(message for messages in self.fields.values() for message in messages)


class NotAManager(DomainError):
    code = "not_a_manager"
    message = gettext_lazy("%(name)s cannot take clients of your team. Choose an active RM of the team.")
    status = 400
