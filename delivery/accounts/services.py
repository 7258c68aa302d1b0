"""Accounts, tokens and phone codes. Secrets are shown once; only their hashes are kept."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import phonenumbers
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from delivery.accounts import limits
from delivery.accounts.errors import AccountExists, PhoneCodeWrong, PhoneInvalid
from delivery.accounts.models import AccessToken, Account, Address, PhoneCode
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.ground.ids import new_token, sha256_of

TOKEN_PREFIX = "ppa_"  # tells a token of an account from a device's secret, for us and for secret scanners
PHONE_CODE_VALID_FOR = timedelta(minutes=5)
CODES_PER_PHONE = limits.Limit("code to phone", most=3, per=timedelta(minutes=10))
CODES_PER_ADDRESS = limits.Limit("codes from address", most=20, per=timedelta(minutes=10))
PASSWORDS_PER_ACCOUNT = limits.Limit("wrong passwords of account", most=10, per=timedelta(minutes=5))
PASSWORDS_PER_ADDRESS = limits.Limit("wrong passwords from address", most=50, per=timedelta(minutes=1))
SIGNUPS_PER_ADDRESS = limits.Limit("new accounts from address", most=30, per=timedelta(minutes=1))
RESETS_PER_ACCOUNT = limits.Limit("new password for", most=3, per=timedelta(minutes=10))
RESETS_PER_ADDRESS = limits.Limit("new passwords from address", most=20, per=timedelta(minutes=10))
CHECKS_PER_ADDRESS = limits.Limit("code checks from address", most=20, per=timedelta(minutes=1))


def create_account(
    *,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    name: str = "",
    language: str = "en",
    is_owner: bool = False,
    is_support: bool = False,
    is_staff: bool = False,
) -> Account:
    """A new account; owners and support may open the console. Raises AccountExists, PhoneInvalid."""
    try:
        with transaction.atomic():
            return Account.objects.create_user(
                email=email.strip().lower() if email else None,
                phone=normal_phone(phone) if phone else None,
                password=password,
                name=name,
                language=language,
                is_owner=is_owner,
                is_support=is_support,
                is_staff=is_staff or is_owner or is_support,
            )
    except IntegrityError as error:
        raise AccountExists() from error


def create_accounts(*, accounts: Sequence[Account]) -> list[Account]:
    """Many accounts that the caller has filled in, with no password yet; phones in E.164. Raises AccountExists."""
    for account in accounts:
        account.set_unusable_password()
    try:
        with transaction.atomic():
            return Account.objects.bulk_create(accounts)
    except IntegrityError as error:
        raise AccountExists() from error


def normal_phone(text: str) -> str:
    """The number in E.164 (`+56912345678`). Raises PhoneInvalid."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise PhoneInvalid() from error
    if not phonenumbers.is_possible_number(number):
        raise PhoneInvalid()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def introduce(*, account_id: int, name: str, phone: str) -> None:
    """What somebody says about themselves; no phone is none. Raises PhoneInvalid, AccountExists: of another account."""
    try:
        with transaction.atomic():
            Account.objects.filter(pk=account_id).update(name=name, phone=normal_phone(phone) if phone else None)
    except IntegrityError as error:
        raise AccountExists() from error


def add_address(*, account: Account, line: str, point: Point, **access: str) -> Address:
    """A place where a customer has food brought. `access`: fields of AccessDetails."""
    return Address.objects.create(account=account, line=line, lat=point.lat, lon=point.lon, **access)


def set_password(*, accounts: Sequence[Account], password: str) -> None:
    """One password for all of them, hashed once; whoever was signed in must sign in again."""
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(password=make_password(password))


def raise_rights_version(*, account_id: int) -> None:
    """Say that the rights of an account changed: open sockets ask again within seconds."""
    Account.objects.filter(pk=account_id).update(rights_version=F("rights_version") + 1)


def block_account(*, account: Account) -> None:
    """No sign-in, no token and no socket of this account works from now on."""
    Account.objects.filter(pk=account.pk).update(is_active=False, rights_version=F("rights_version") + 1)


def unblock_account(*, account: Account) -> None:
    """Undo `block_account`; revoked tokens stay revoked."""
    Account.objects.filter(pk=account.pk).update(is_active=True, rights_version=F("rights_version") + 1)


def count_password_try(*, who: str, caller: str) -> None:
    """Count a password before it is looked at. `who`: a hash of the e-mail. Raises TooMany."""
    limits.count_try(PASSWORDS_PER_ADDRESS, caller)
    limits.count_try(PASSWORDS_PER_ACCOUNT, who)


def give_password_try_back(*, who: str, caller: str) -> None:
    """The password was right: only wrong ones use the limit up."""
    limits.give_back(PASSWORDS_PER_ADDRESS, caller)
    limits.give_back(PASSWORDS_PER_ACCOUNT, who)


def count_password_reset(*, who: str, caller: str) -> None:
    """Count a mail with a code before it is sent. `who`: a hash of the e-mail. Raises TooMany."""
    limits.count_try(RESETS_PER_ADDRESS, caller)
    limits.count_try(RESETS_PER_ACCOUNT, who)


def count_signup(*, caller: str) -> None:
    """Count a new account made on the web. Raises TooMany."""
    limits.count_try(SIGNUPS_PER_ADDRESS, caller)


def set_language(*, account_id: int, language: str) -> None:
    """The language in which this person is spoken to."""
    Account.objects.filter(pk=account_id).update(language=language)


def issue_token(*, account: Account, name: str, scopes: Sequence[str] = ()) -> str:
    """A new Bearer token in plain text, to be shown once. With scopes it is an integrator's and opens only those."""
    secret = TOKEN_PREFIX + new_token()
    AccessToken.objects.create(account=account, name=name, sha256=sha256_of(secret), scopes=sorted(scopes))
    return secret


@transaction.atomic
def renew_tokens(*, accounts: Sequence[Account], name: str, scopes: Sequence[str] = ()) -> list[str]:
    """A new token of this name for each account, in their order; earlier ones of the name stop working at once."""
    earlier = AccessToken.objects.filter(account__in=accounts, name=name, revoked_at__isnull=True)
    holders = list(earlier.values_list("account_id", flat=True))
    if earlier.update(revoked_at=clock.now()):
        Account.objects.filter(pk__in=holders).update(rights_version=F("rights_version") + 1)
    issued = [TOKEN_PREFIX + new_token() for _ in accounts]
    AccessToken.objects.bulk_create(
        AccessToken(account=account, name=name, sha256=sha256_of(secret), scopes=sorted(scopes))
        for account, secret in zip(accounts, issued, strict=True)
    )
    return issued


def revoke_token(*, token: AccessToken) -> None:
    """The token stops working at once, also for sockets that are open."""
    with transaction.atomic():
        AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now())
        raise_rights_version(account_id=token.account_id)


def issue_phone_code(*, phone: str, caller: str) -> str | None:
    """A six-digit code for the account with this phone; None when there is none, which no caller may show.

    Args:
        phone: as typed. caller: the network address that asks, for the limit.
    Raises:
        PhoneInvalid. TooMany: by phone or by address; call outside a transaction (see limits).
    """
    number = normal_phone(phone)
    limits.count_try(CODES_PER_ADDRESS, caller)
    limits.count_try(CODES_PER_PHONE, sha256_of(number)[:32])
    account = Account.objects.filter(phone=number, is_active=True).first()
    if account is None:
        return None
    code = f"{secrets.randbelow(1_000_000):06d}"
    PhoneCode.objects.create(
        account=account, sha256=_code_hash(account, code), expires_at=clock.now() + PHONE_CODE_VALID_FOR
    )
    return code


def check_phone_code(*, phone: str, code: str, caller: str) -> Account:
    """The account that this code signs in; a code works once, and five wrong tries end it.

    Raises:
        PhoneCodeWrong, PhoneInvalid, TooMany; call outside a transaction: a wrong try must stay counted.
    """
    limits.count_try(CHECKS_PER_ADDRESS, caller)
    account = Account.objects.filter(phone=normal_phone(phone), is_active=True).first()
    newest = PhoneCode.objects.filter(account=account).order_by("-pk").first() if account else None
    if account is None or newest is None:
        raise PhoneCodeWrong()
    alive = PhoneCode.objects.filter(pk=newest.pk, used_at__isnull=True, expires_at__gt=clock.now())
    has_a_try = alive.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    is_right = constant_time_compare(newest.sha256, _code_hash(account, code.strip()))
    if not has_a_try or not is_right or not alive.update(used_at=clock.now()):
        raise PhoneCodeWrong()
    return account


def _code_hash(account: Account, code: str) -> str:
    # Keyed: six digits behind a bare SHA-256 would be read back from a stolen table in no time.
    return salted_hmac("accounts.phone_code", f"{account.pk}:{code}", algorithm="sha256").hexdigest()
