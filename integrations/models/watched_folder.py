"""Folders of the server whose files come in by themselves, and which files did."""

from django.db import models

from integrations.choices import Kind
from integrations.models.company import Company
from integrations.models.importing import ImportFile


class WatchedFolder(models.Model):
    """One folder below `IMPORT_FOLDER_ROOT`, of one company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="empresa")
    kind = models.CharField(
        "tipo", max_length=12, choices=Kind.choices, blank=True, help_text="Vacío: se reconoce por los títulos."
    )
    folder = models.CharField(
        "carpeta", max_length=200, unique=True, help_text="Debajo de la carpeta que el servidor permite."
    )
    imports_alone = models.BooleanField(
        "importar solo", default=False, help_text="Si no, cada archivo espera a que una persona lo revise."
    )
    mail_to = models.EmailField("avisar por correo a", blank=True)
    active = models.BooleanField("activa", default=True)
    passed_at = models.DateTimeField("última pasada", null=True, blank=True, editable=False)
    told = models.TextField("qué pasó", blank=True, editable=False)

    class Meta:
        verbose_name = "carpeta vigilada"
        verbose_name_plural = "carpetas vigiladas"
        ordering = ["folder"]

    def __str__(self) -> str:
        return self.folder


class FolderArrival(models.Model):
    """A file that came in from a folder: saved in one transaction with its import, so that it comes in once."""

    folder = models.ForeignKey(WatchedFolder, models.CASCADE, related_name="arrivals")
    digest = models.CharField(max_length=64)
    file = models.OneToOneField(ImportFile, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "digest"], name="a_file_comes_in_once")]

    def __str__(self) -> str:
        return f"{self.folder}: {self.digest[:8]}"
