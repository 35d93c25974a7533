from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ortsdialog.demo"
    label = "demo"
    verbose_name = "Demonstration"
