"""*Su primer día*: the whole job in five steps, each with a link to the page where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from integrations.admin.badges import badge
from integrations.admin.site import site
from integrations.choices import Grade, Status
from integrations.models import SyncBatch
from integrations.selectors import pages


@dataclass(frozen=True)
class FirstDayStep:
    """One step. `key` is what `selectors.pages.menu_counts` counts at its link; empty: nothing."""

    title: str
    text: str
    link: str
    url_name: str
    query: str = ""
    key: str = ""

    def for_template(self, counts: Mapping[str, int]) -> dict[str, Any]:
        """The step with its URL and the number of documents that wait there."""
        url = reverse(f"admin:{self.url_name}") + self.query
        return {
            "title": self.title,
            "text": self.text,
            "link": self.link,
            "url": url,
            "waiting": counts.get(self.key, 0),
        }


_STEPS = (
    FirstDayStep(
        "Traiga los documentos",
        "Vienen del archivo de otro programa o se escriben aquí. Traer dos veces el mismo archivo no cambia nada.",
        "Importar un archivo",
        "integrations_importfile_add",
    ),
    FirstDayStep(
        "Mire cuáles están listos",
        "Las columnas Siigo y SAG dicen cómo va cada uno. «Listos para Siigo» muestra los que pasan la revisión.",
        "Ver los listos para Siigo",
        "ledger_movement_changelist",
        query="?vista=listos_siigo",
    ),
    FirstDayStep(
        "Envíelos",
        "Márquelos y presione Enviar a Siigo o Enviar a SAG. Primero se muestra qué sale y qué no: nada sale hasta "
        "que usted confirme. Después puede cerrar la página; el envío sigue y queda como un lote.",
        "Ver los lotes de envío",
        "integrations_syncbatch_changelist",
    ),
    FirstDayStep(
        "Corrija lo que quedó con error",
        "Abra el documento: arriba dice qué falló y qué hacer. Corrija, guarde y envíelo de nuevo.",
        "Ver los que tienen error",
        "inbox",
        key="errors",
    ),
    FirstDayStep(
        "Confirme lo que quedó en duda",
        "«Por confirmar» es que el ERP no respondió con claridad: el documento pudo haber quedado. No lo digite "
        "otra vez: presione Verificar en el ERP, o diga usted lo que vio allá.",
        "Ver los que están por confirmar",
        "doubts",
        key="doubts",
    ),
)
_STATES = [
    (badge(status, *grade), text)
    for status, text, *grade in (
        (Status.NEW, "Todavía no ha salido. Revíselo y envíelo."),
        (Status.QUEUED, "Va en camino. Puede cerrar la página."),
        (Status.RETRYING, "No alcanzó a salir; se intenta de nuevo solo."),
        (Status.SYNCED, "El ERP dijo que lo guardó; todavía no se ha visto allá.", Grade.ACCEPTED),
        (Status.SYNCED, "Está en el ERP: una lectura lo encontró allá; se ve su número.", Grade.SEEN),
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
    """The five steps and the meaning of each state, for everybody who may enter."""
    counts = pages.menu_counts()
    context = {
        **site.each_context(request),
        "title": "Su primer día",
        "steps": [step.for_template(counts) for step in _STEPS],
        "states": _STATES,
    }
    return render(request, "admin/first_day.html", context)


def is_new() -> bool:
    """Whether nothing has ever been sent. Cached."""
    return not cache.get_or_set("something_was_sent", SyncBatch.objects.exists, pages.SIDEBAR_SECONDS)
