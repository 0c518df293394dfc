"""«Primer día»: the whole job in five steps, each with the list where it is done."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from integrations.admin.badges import badge
from integrations.admin.site import site
from integrations.choices import Status
from integrations.models import SyncBatch
from integrations.selectors import pages


@dataclass(frozen=True)
class Step:
    """What to do, what one sees then, and where. `waiting` is how many things wait there."""

    title: str
    told: str
    link: str
    url: str
    waiting: int = 0


_STATES = [
    (badge(status), told)
    for status, told in (
        (Status.NEW, "Todavía no ha salido. Revíselo y envíelo."),
        (Status.QUEUED, "Va en camino. Puede cerrar la página."),
        (Status.RETRYING, "No alcanzó a salir; se intenta de nuevo solo."),
        (Status.SYNCED, "Está en el ERP; se ve su número."),
        (Status.CHANGED, "Alguien lo cambió después de enviarlo. Revise la diferencia."),
        (Status.REJECTED, "El ERP no lo aceptó y dice por qué. Corrija y envíe de nuevo."),
        (Status.UNCERTAIN, "Puede haber quedado en el ERP. Verifique; no lo digite otra vez."),
        (Status.CONFLICT, "En el ERP hay algo distinto. Compare y decida."),
        (Status.EXCLUDED, "No va a ese ERP."),
    )
]


@site.page("primer-dia/", "first_day")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The five steps. Everybody who may enter may read them."""
    context = {**site.each_context(request), "title": "Su primer día", "steps": _steps(), "states": _STATES}
    return render(request, "admin/first_day.html", context)


def is_new() -> bool:
    """Whether nothing was ever sent from here."""
    return not cache.get_or_set("something_was_sent", SyncBatch.objects.exists, pages.SIDEBAR_SECONDS)


def _steps() -> list[Step]:
    documents, counts = reverse("admin:ledger_movement_changelist"), pages.menu_counts()
    return [
        Step(
            "Traiga los documentos",
            "Vienen del archivo de otro programa o se escriben aquí. Traer dos veces el mismo archivo no cambia nada.",
            "Importar un archivo",
            reverse("admin:integrations_importfile_add"),
        ),
        Step(
            "Mire cuáles están listos",
            "Las columnas Siigo y SAG dicen cómo va cada uno. «Listos para Siigo» muestra los que pasan la revisión.",
            "Ver los listos para Siigo",
            f"{documents}?vista=listos_siigo",
        ),
        Step(
            "Envíelos",
            "Márquelos y presione Enviar a Siigo o Enviar a SAG. Primero se muestra qué sale y qué no: nada sale hasta "
            "que usted confirme. Después puede cerrar la página; el envío sigue y queda como un lote.",
            "Ver los lotes de envío",
            reverse("admin:integrations_syncbatch_changelist"),
        ),
        Step(
            "Corrija lo que quedó con error",
            "Abra el documento: arriba dice qué falló y qué hacer. Corrija, guarde y envíelo de nuevo.",
            "Ver los que tienen error",
            reverse("admin:inbox"),
            counts.get("errors", 0),
        ),
        Step(
            "Confirme lo que quedó en duda",
            "«Por confirmar» es que el ERP no respondió con claridad: el documento pudo haber quedado. No lo digite "
            "otra vez: presione Verificar en el ERP, o diga usted lo que vio allá.",
            "Ver los que están por confirmar",
            reverse("admin:doubts"),
            counts.get("doubts", 0),
        ),
    ]
