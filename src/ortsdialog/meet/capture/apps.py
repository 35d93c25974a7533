from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "ortsdialog.meet.capture"
    label = "capture"
    verbose_name = "Capture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.meet.capture.rules import PERMISSIONS

        access.declare(PERMISSIONS, context=self.label)
