"""How django-allauth behaves here: nobody signs up, and signing in and out stands in the trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from ledger import acting, trail
from ledger.models import Marker


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Where the people are real, nobody signs in to a demonstration: its passwords are no secrets."""
        if settings.PRODUCTION and Marker.is_set(Marker.DEMONSTRATION):
            raise PermissionDenied
        return super().pre_login(request, user, **options)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        with acting.acting_as(user):
            trail.record("sign_in", user, by=user)
        return super().post_login(request, user, **options)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            with acting.acting_as(request.user):
                trail.record("sign_out", request.user, by=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        with acting.acting_as_system("system:sign-in"):
            trail.record("sign_in", kind="accounts.User", outcome="refused")
        super().authentication_failed(request, **credentials)
