from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "ortsdialog.ground.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.ground.accounts.queries import actor_from_request
        from ortsdialog.ground.accounts.rules import PERMISSIONS
        from ortsdialog.kernel import access
        from ortsdialog.kernel.access import doors
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation

        doors.furnish(find_actor=actor_from_request)
        access.declare(PERMISSIONS, context=self.label)
        # Jobs are known once their module is loaded.
        from ortsdialog.ground.accounts import tasks  # noqa: F401

        register_navigation(
            NavigationEntry(Section.GROUND, _("Team"), "accounts:team", "accounts.invite_staff", order=20)
        )
