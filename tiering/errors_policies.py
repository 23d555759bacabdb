"""What is refused to those who write and publish policies, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError
from tiering.errors import CriteriaRefused


class PolicyRefused(CriteriaRefused):
    """The document cannot be used; `refusals` says where, why and what to change."""

    code = "policy_refused"
    message = gettext_lazy("The policy cannot be used as it is.")


class OwnPolicy(DomainError):
    code = "own_policy"
    message = gettext_lazy(
        "You wrote, edited or submitted this version of the policy. Somebody else has to publish it."
    )
    status = 403


class SchemeOfPolicy(DomainError):
    code = "scheme_of_policy"
    message = gettext_lazy("A tier policy is for one scheme, any other policy for the whole house.")
    status = 400
