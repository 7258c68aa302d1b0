from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.ground.ids import new_public_id


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "Account":
        """Insert an account; without a password it signs in by phone code only."""
        account = self.model(email=self.normalize_email(email) if email else None, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str, **fields: Any) -> "Account":
        return self.create_user(email, password, is_staff=True, is_superuser=True, is_owner=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in, by e-mail and password or by phone code."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True)  # noqa: DJ001  # NULL is "none" for a unique column
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the console"), default=False)
    is_owner = models.BooleanField(_("runs the platform"), default=False)
    is_support = models.BooleanField(_("answers people"), default=False)
    rights_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False),
                name="account_has_email_or_phone",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.public_id)


class AccessDetails(models.Model):
    """How to reach a door; copied onto the order when it is placed."""

    building = models.CharField(_("building"), max_length=60, blank=True)
    stairs = models.CharField(_("stairs"), max_length=30, blank=True)
    floor = models.CharField(_("floor"), max_length=30, blank=True)
    door = models.CharField(_("door"), max_length=30, blank=True)
    door_code = models.CharField(_("door code"), max_length=30, blank=True)
    intercom = models.CharField(_("name on the intercom"), max_length=60, blank=True)
    access_note = models.CharField(_("how to find you"), max_length=200, blank=True)

    class Meta:
        abstract = True

    ACCESS_FIELDS = ("building", "stairs", "floor", "door", "door_code", "intercom", "access_note")


class Address(AccessDetails):
    """A place where a customer has food brought."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="addresses")
    line = models.CharField(_("street and number"), max_length=200)
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="address_lies_on_earth"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class AccessToken(models.Model):
    """A Bearer token of an account; only its SHA-256 is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PhoneCode(models.Model):
    """A one-time code sent to a phone; only its SHA-256 is kept, and few tries are allowed."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="phone_codes")
    sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"code {self.pk}"


class Tally(models.Model):
    """How often something was tried in one window of time; see delivery.accounts.limits."""

    name = models.CharField(max_length=120)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["name", "ends_at"], name="tally_has_one_row_per_window")]

    def __str__(self) -> str:
        return f"{self.name} {self.count}"
