"""The request as views behind `crm.middleware.DenyByDefault` get it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.models import User


class Request(HttpRequest):
    """For annotations: the user is signed in, and the htmx headers are read."""

    user: User
    htmx: HtmxDetails
