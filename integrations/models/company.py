"""Whose books they are. Everything else belongs to a company."""

from django.db import models

from integrations.models.tax_id_column import TaxIdColumn


class Company(models.Model):
    """A company whose accounting is kept here. `tax_id` is the NIT without its check digit."""

    name = models.CharField("nombre o razón social", max_length=200)
    tax_id = TaxIdColumn("NIT", max_length=20, unique=True, help_text="Sin dígito de verificación.")
    needs_second_person = models.BooleanField(
        "exigir dos personas",
        default=False,
        help_text="Para confirmar que un documento no existe en el ERP: una lo pide y otra lo aprueba.",
    )
    number2_identifies = models.BooleanField(
        "el número 2 identifica el documento",
        default=False,
        help_text="Al importar: un documento sin número es el que ya tiene la misma fuente y el mismo número 2.",
    )
    created_at = models.DateTimeField("creada", auto_now_add=True)

    class Meta:
        verbose_name = "empresa"
        verbose_name_plural = "empresas"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
