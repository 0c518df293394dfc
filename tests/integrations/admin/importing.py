"""A file through the wizard: uploaded, answered, staged, confirmed."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrations.files.importing import confirmation, staging
from integrations.files.importing.column_answers import column_rows
from integrations.models import ImportFile

ADD = "/admin/integrations/importfile/add/"


def address(file: ImportFile, rest: str) -> str:
    return f"/admin/integrations/importfile/{file.pk}/{rest}"


def staged(who: Client, body: bytes, name: str = "movimientos.csv", **changes: str) -> ImportFile:
    """A table up to its review, its columns as they are proposed."""
    who.post(ADD, {"file": SimpleUploadedFile(name, body), "kind": ""})
    file = ImportFile.objects.latest("pk")
    columns = {f"c{one['place']}": str(one["target"]) for one in column_rows(file)}
    who.post(address(file, "columnas/"), {"kind": file.kind, **columns, **changes})
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


def confirmed(who: Client, file: ImportFile, **form: str) -> ImportFile:
    """The same after *Importar*."""
    who.post(address(file, "importar/hacer/"), form)
    confirmation.run(file.pk)
    file.refresh_from_db()
    return file


def imported(who: Client, body: bytes, **form: str) -> ImportFile:
    return confirmed(who, staged(who, body), **form)


def page(who: Client, file: ImportFile, query: str = "") -> str:
    """The text of its page, each run of blanks as one."""
    return " ".join(who.get(address(file, f"change/{query}")).content.decode().split())
