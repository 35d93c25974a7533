from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "ortsdialog.kernel.ui"
    label = "kernel_ui"
    verbose_name = "User interface"

    def ready(self) -> None:
        # Django's own words order people about; ours ask.
        Field.default_error_messages["required"] = _("Please fill this in.")
