"""What people changed by hand, as Django's administration writes it down."""

from django.contrib.admin.models import LogEntry


class HandChange(LogEntry):
    """One saving or deleting of one thing in a form, under the name that staff read."""

    class Meta:
        proxy = True
        verbose_name = "cambio"
        verbose_name_plural = "cambios"
        ordering = ["-action_time"]
