from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "ortsdialog.ground.places"
    label = "places"
    verbose_name = "Places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.ground.places.queries import place_by_slug
        from ortsdialog.ground.places.rules import PERMISSIONS
        from ortsdialog.kernel import access
        from ortsdialog.kernel.access import doors
        from ortsdialog.kernel.registry import NavigationEntry, Section, register_navigation

        doors.furnish(find_place=place_by_slug)
        access.declare(PERMISSIONS, context=self.label)
        register_navigation(
            NavigationEntry(Section.GROUND, _("Your town"), "places:profile-edit", "places.edit_profile", order=10)
        )
