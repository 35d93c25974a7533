from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    name = "ortsdialog.meet.gatherings"
    label = "gatherings"
    verbose_name = "Gatherings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.ground.process.workplaces import register_workplace
        from ortsdialog.kernel import access
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation
        from ortsdialog.meet.gatherings import receivers  # noqa: F401  connects the bells
        from ortsdialog.meet.gatherings.rules import PERMISSIONS
        from ortsdialog.meet.gatherings.workplaces import EVENTS

        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(Section.MEET, _("Events"), "gatherings:desk-list", "gatherings.see_gathering", order=10)
        )
        register_workplace(EVENTS)
