from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "ortsdialog.kernel"
    label = "kernel"
    verbose_name = "Kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ortsdialog.kernel import checks  # noqa: F401  registers the system checks
