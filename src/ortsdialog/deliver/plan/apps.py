from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "ortsdialog.deliver.plan"
    label = "plan"
    verbose_name = "Plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.deliver.plan.rules import PERMISSIONS

        access.declare(PERMISSIONS, context=self.label)
