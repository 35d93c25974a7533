from django.apps import AppConfig


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

        doors.furnish(find_actor=actor_from_request)
        access.declare(PERMISSIONS, context=self.label)
