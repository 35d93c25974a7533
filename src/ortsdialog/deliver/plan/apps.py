from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    name = "ortsdialog.deliver.plan"
    label = "plan"
    verbose_name = "Plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.deliver.plan import receivers  # noqa: F401  listens from now on
        from ortsdialog.deliver.plan.rules import PERMISSIONS
        from ortsdialog.deliver.plan.workplaces import PLAN
        from ortsdialog.ground.process.workplaces import register_workplace
        from ortsdialog.kernel import access
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation

        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(Section.DELIVER, _("Plan and measures"), "plan:desk-list", "plan.see_plan", order=10)
        )
        register_workplace(PLAN)
