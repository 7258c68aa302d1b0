"""What django-allauth asks about our sign-in: limits counted in PostgreSQL, the language of the person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from delivery.accounts import services
from delivery.ground.http import caller_address
from delivery.ground.ids import sha256_of


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at. Raises TooMany."""
        services.count_password_try(who=_who(credentials), caller=caller_address(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        account: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if account is not None:
            services.give_password_try_back(who=_who(credentials), caller=caller_address(request))
        return account

    def new_user(self, request: HttpRequest) -> AbstractBaseUser:
        services.count_signup(caller=caller_address(request))
        account: AbstractBaseUser = super().new_user(request)
        return account

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def _rollback_login_failed_rl_usage(self) -> None:
        """Allauth's own counter is off: ours lives in PostgreSQL."""


def _who(credentials: dict[str, Any]) -> str:
    return sha256_of(str(credentials.get("email", "")).strip().lower())[:32]
