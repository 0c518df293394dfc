from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integraciones"

    def ready(self) -> None:
        from integrations import checks  # noqa: F401 - registering is importing
        from integrations.models import lookups  # noqa: F401
