from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "ortsdialog.show.site"
    label = "site"
    verbose_name = "Public site"
