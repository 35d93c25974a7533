from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    name = "ortsdialog.meet.gatherings"
    label = "gatherings"
    verbose_name = "Gatherings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.meet.gatherings.rules import PERMISSIONS

        access.declare(PERMISSIONS, context=self.label)
