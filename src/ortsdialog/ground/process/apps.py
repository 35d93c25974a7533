from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "ortsdialog.ground.process"
    label = "process"
    verbose_name = "Dialogue processes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.ground.process.rules import PERMISSIONS

        access.declare(PERMISSIONS, context=self.label)
