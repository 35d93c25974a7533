from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "ortsdialog.meet.contributions"
    label = "contributions"
    verbose_name = "Contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.ground.process.workplaces import register_workplace
        from ortsdialog.kernel import access
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation
        from ortsdialog.meet.contributions import receivers, tasks  # noqa: F401  they connect to bells and clock
        from ortsdialog.meet.contributions.rules import PERMISSIONS
        from ortsdialog.meet.contributions.workplaces import CLUSTERS, STATEMENTS, TRANSLATION
        from ortsdialog.meet.gatherings.panels import register_panel

        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(
                Section.MEET,
                _("Approve statements"),
                "contributions:desk-queue",
                "contributions.moderate_statement",
                order=20,
            ),
            NavigationEntry(
                Section.MEET, _("Reports"), "contributions:desk-reports", "contributions.decide_report", order=25
            ),
            NavigationEntry(
                Section.MEET, _("Statements"), "contributions:desk-list", "contributions.see_statements", order=30
            ),
        )
        register_workplace(STATEMENTS)
        register_workplace(CLUSTERS)
        register_panel(TRANSLATION)
