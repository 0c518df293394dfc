"""Texts of an ERP whose meaning a connection has learned, because reads proved it."""

from django.db import models

from integrations.models.connection import Connection


class LearnedAnswer(models.Model):
    """One text, with its numbers and names replaced by places, and the records that proved what it means.

    A success is known once three of its documents were found in the ERP; a refusal proves that nothing was
    written once three of its documents were found absent (sync protocol, section 10.11).
    """

    class Meaning(models.TextChoices):
        STORED = "stored", "Guardó el documento"
        NOTHING_WRITTEN = "nothing", "No guardó nada"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="learned", verbose_name="conexión")
    operation = models.CharField("operación", max_length=60)
    meaning = models.CharField("significado", max_length=7, choices=Meaning.choices)
    text = models.CharField("texto", max_length=500)
    proofs = models.JSONField("registros que lo probaron", default=list, blank=True)
    is_known = models.BooleanField("ya se conoce", default=False)
    updated_at = models.DateTimeField("última prueba", auto_now=True)

    class Meta:
        verbose_name = "respuesta aprendida"
        verbose_name_plural = "respuestas aprendidas"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "operation", "meaning", "text"], name="an_answer_is_learned_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_meaning_display()}: {self.text}"
