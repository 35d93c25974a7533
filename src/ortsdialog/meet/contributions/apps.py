from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "ortsdialog.meet.contributions"
    label = "contributions"
    verbose_name = "Contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.meet.contributions.rules import PERMISSIONS

        access.declare(PERMISSIONS, context=self.label)
