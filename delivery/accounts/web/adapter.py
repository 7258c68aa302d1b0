"""What django-allauth asks about our sign-in: limits counted in PostgreSQL, the language of the person."""

import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delivery.accounts import services
from delivery.ground.http import caller_address
from delivery.ground.ids import new_token, sha256_of
from delivery.messaging.services import queue_message

MAILS: Mapping[str, Promise] = {
    "account/email/password_reset_code": _(
        "Your Passeplat code for a new password is %(code)s. Nobody of us will ever ask you for it."
    ),
    "account/email/unknown_account": _(
        "Somebody, perhaps you, asked Passeplat for a new password. There is no account with this e-mail."
    ),
}


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
        account.language = get_language() or settings.LANGUAGE_CODE  # type: ignore[attr-defined]  # our Account
        return account

    def generate_password_reset_code(self) -> str:
        """Six digits, as everywhere else on the platform."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail like every other text; allauth itself asks for two kinds. Raises TooMany."""
        request: HttpRequest = context["request"]
        services.count_password_reset(who=_who({"email": email}), caller=caller_address(request))
        with translation.override(getattr(context.get("user"), "language", get_language())):
            text = str(MAILS[template_prefix]) % {"code": context.get("code", "")}
        queue_message(medium="mail", to=email, text=text, intent_key=f"password:{new_token(12)}")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nobody needs to be told that they have signed in."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Allauth's own counter is off: ours lives in PostgreSQL."""


def _who(credentials: dict[str, Any]) -> str:
    return sha256_of(str(credentials.get("email", "")).strip().lower())[:32]
