"""A view of a list that a person keeps under a name of their own."""

from django.conf import settings
from django.db import models


class OwnView(models.Model):
    """The filters, the search and the order of one list, as its address says them (`query`, without «?»)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="de quién es")
    list = models.CharField("listado", max_length=80)
    """The model of the list, as `ledger.movement`."""
    name = models.CharField("nombre", max_length=40)
    query = models.TextField("filtros")
    created_at = models.DateTimeField("guardada el", auto_now_add=True)

    class Meta:
        verbose_name = "vista guardada"
        verbose_name_plural = "vistas guardadas"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list", "name"], name="one_view_per_person_list_and_name"),
        ]

    def __str__(self) -> str:
        return self.name
