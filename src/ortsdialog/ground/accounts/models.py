"""Users, role grants and invitations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.accounts.choices import Role


class UserManager(BaseUserManager["User"]):
    """Users are found and made by e-mail address, in lower case."""

    def create_user(self, email: str, name: str = "", password: str | None = None) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. Belongs to no town: roles say where she works."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    # allauth and Django ask for these; rights come from roles alone.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A person holds a role in a place, in a programme (by slug), or in the installation.

    Shared: a person's grants over all towns make up her rights; pages of a town filter by place.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    place = models.ForeignKey("places.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    programme = models.SlugField(max_length=80, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "place"], condition=models.Q(place__isnull=False), name="grant_place_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "programme"], condition=models.Q(place__isnull=True), name="grant_other_once"
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=True) | models.Q(programme=""), name="grant_one_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.place_id or self.programme}"


class Invitation(models.Model):
    """A single-use, expiring link that gives somebody a role. Only a digest of the secret is kept."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    place = models.ForeignKey("places.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    programme = models.SlugField(max_length=80, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
