"""Which kinds of document a company sends to which ERP."""

from django.db import models

from integrations.choices import Kind
from integrations.models.company import Company


class SendingPolicy(models.Model):
    """One row of a company's policy. The most telling code wins: a type or fuente before the whole kind."""

    class GoesTo(models.TextChoices):
        SIIGO = "siigo", "Solo a Siigo"
        SAG = "sag", "Solo a SAG"
        BOTH = "both", "A los dos"

    company = models.ForeignKey(Company, models.CASCADE, related_name="policies", verbose_name="empresa")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices, default=Kind.MOVEMENT)
    code = models.CharField(
        "tipo de comprobante o fuente",
        max_length=20,
        blank=True,
        help_text="F o F-1 de Siigo, FV de SAG. Vacío: todos los de este tipo.",
    )
    goes_to = models.CharField("va a", max_length=5, choices=GoesTo.choices, default=GoesTo.BOTH)

    class Meta:
        verbose_name = "regla de envío"
        verbose_name_plural = "a qué ERP va cada documento"
        ordering = ["company", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "code"], name="a_code_is_once_in_a_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code or 'todos'}: {self.get_goes_to_display()}"
