from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaptureConfig(AppConfig):
    name = "ortsdialog.meet.capture"
    label = "capture"
    verbose_name = "Capture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import access
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation
        from ortsdialog.meet.capture import receivers  # noqa: F401  connects the bells
        from ortsdialog.meet.capture.rules import PERMISSIONS
        from ortsdialog.meet.capture.workplaces import PAPER
        from ortsdialog.meet.gatherings.panels import register_panel

        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(Section.MEET, _("Walls"), "capture:desk-walls", "capture.run_wall", order=40)
        )
        register_panel(PAPER)
