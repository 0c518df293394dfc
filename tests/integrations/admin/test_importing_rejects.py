"""What the pages hand out of an import to be mended: each format in itself."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrations.files.importing import staging
from integrations.models import ImportFile
from tests import builders

pytestmark = pytest.mark.django_db
WHOLE = {
    "json": (
        """[3, {"voucher_type": "F", "voucher_code": 1, "accounting_account": 5, "debit_or_credit": "D",
            "sequence_value": "mucho"}]""",
        '"mucho"',
        "5",
    ),
    "xml": (
        '<Movimientos><Otro/><Movimiento CodigoFuente="FV" FechaDocumento="mañana"/></Movimientos>',
        'FechaDocumento="mañana"',
        'FechaDocumento="2026/11/03"',
    ),
}
"""Of each format a file with nothing sound in it, and how one of its two documents is mended."""


@pytest.mark.parametrize("ending", list(WHOLE))
def test_rejected_documents_come_back_in_their_own_format_and_import_once_mended(staff: Client, ending: str) -> None:
    builders.company()
    text, wrong, right = WHOLE[ending]
    file = whole(staff, text.encode(), f"a.{ending}")
    assert f"Descargar documentos con error ({ending.upper()})" in staff.get(address(file, "change")).content.decode()
    answer: Any = staff.get(address(file, "rechazadas"))
    body = b"".join(answer.streaming_content).decode()
    assert (file.wrong, f"por-corregir-{file.pk}.{ending}" in answer["Content-Disposition"]) == (2, True)
    again = whole(staff, body.replace(wrong, right).encode(), f"corregido.{ending}")
    assert (again.wrong, again.new) == (1, 1)


def whole(who: Client, body: bytes, name: str) -> ImportFile:
    """A file that asks nothing, up to its review."""
    who.post("/admin/integrations/importfile/add/", {"file": SimpleUploadedFile(name, body), "kind": ""})
    file = ImportFile.objects.latest("pk")
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


def address(file: ImportFile, page: str) -> str:
    return f"/admin/integrations/importfile/{file.pk}/{page}/"
