"""Access, session lifetime and caching rules that hold for every request."""

import logging
import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from crm.access import READING, allows, permission_for, policy_of
from crm.errors import MergedMeanwhile as Refusal
from crm.merging import of_a_merged_client
from crm.reading import one_reading

logger = logging.getLogger(__name__)


class SessionLifetime:
    """Ends a session after 15 minutes without a request or 8 hours in all, by server time.

    What a page asks by itself, with the header X-Background, keeps no session alive.
    """

    # Writing the session on each request would cost a row update; a minute's precision is enough.
    PRECISION = 60

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self.keep_or_end(request)
        return self.get_response(request)

    def keep_or_end(self, request) -> None:
        now = int(time.time())
        session = request.session
        started = session.setdefault("started_at", now)
        seen = session.setdefault("seen_at", now)
        idle_too_long = now - seen > settings.SESSION_IDLE_SECONDS
        if idle_too_long or now - started > settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        elif now - seen >= self.PRECISION and "X-Background" not in request.headers:
            session["seen_at"] = now


class DenyByDefault:
    """Refuses any view without a declared policy, and anyone the policy does not admit.

    API views authenticate by token inside the view, so for them `crm.access.DeclaredPermission` enforces the policy;
    here they only have to have one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        policy = policy_of(request.resolver_match)
        if policy is None:
            logger.error("No access policy declared for %s", request.resolver_match.view_name)
            raise PermissionDenied
        if hasattr(view, "cls") or allows(permission_for(policy, request.method), request.user):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        return self.to_login(request)

    def to_login(self, request):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": reverse(settings.LOGIN_URL)})
        return redirect_to_login(request.get_full_path())


class MergedMeanwhile:
    """Tells whoever wrote to a client while it was merged into another one that nothing was written."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, IntegrityError) and of_a_merged_client(exception):
            return render(request, "409.html", {"message": str(Refusal())}, status=409)
        return None


class NoStore:
    """Nothing of a client may stay in a browser's or proxy's cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class OneReading:
    """A request that only reads does so once for all parts of its page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in READING:
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)
