from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "ortsdialog.show.site"
    label = "site"
    verbose_name = "Public site"

    def ready(self) -> None:
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation

        register_navigation(NavigationEntry(Section.TODAY, _("Today"), "site:desk-place", "accounts.see_desk", order=0))
