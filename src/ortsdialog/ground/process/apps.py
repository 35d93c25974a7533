from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcessConfig(AppConfig):
    name = "ortsdialog.ground.process"
    label = "process"
    verbose_name = "Dialogue processes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.ground.process.rules import PERMISSIONS
        from ortsdialog.kernel import access
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation

        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(Section.PREPARE, _("Dialogues"), "process:desk-list", "process.see_draft", order=10)
        )
