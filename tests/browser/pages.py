"""Every page of the administration, by the name of its picture: each one here is judged by every test of this folder.

A page that opens by its address alone goes to `PAGES`; a page of something that there is goes to `PAGES_OF`, as a
function of the world (`world.World`), which has one of each thing.
"""

from collections.abc import Callable

from integrations.admin.decision_pages import VERBS
from tests.browser.world import World

PAGES = {
    "inicio": "",
    "primer_dia": "primer-dia/",
    "errores": "errores/",
    "errores_de_sag": "errores/?erp=sag",
    "errores_asignados": "errores/?mios=1",
    "por_confirmar": "por-confirmar/",
    "desbloqueados": "desbloqueados/",
    "movimientos": "ledger/movement/",
    "movimientos_filtro": "ledger/movement/?sag=rejected",
    "movimientos_sin_resultado": "ledger/movement/?q=no-existe",
    "movimientos_anulados": "ledger/movement/?anulado=si",
    "movimientos_del_mes": "ledger/movement/?vista=mes",
    "movimiento_nuevo": "ledger/movement/add/",
    "movimientos_exportar": "ledger/movement/exportar/",
    "cierre_del_mes": "ledger/movement/cierre/",
    "exportaciones": "integrations/fileexport/",
    "clientes": "catalog/client/",
    "cliente_nuevo": "catalog/client/add/",
    "terceros": "catalog/thirdparty/",
    "tercero_nuevo": "catalog/thirdparty/add/",
    "articulos": "catalog/article/",
    "articulo_nuevo": "catalog/article/add/",
    "intentos": "integrations/syncattempt/",
    "lotes": "integrations/syncbatch/",
    "historial_de_cambios": "integrations/handchange/",
    "correcciones": "integrations/correction/",
    "por_aprobar": "integrations/decisionrequest/",
    "importar": "integrations/importfile/add/",
    "importaciones": "integrations/importfile/",
    "lecturas": "integrations/pullplan/",
    "lecturas_hechas": "integrations/pullrun/",
    "datos_del_erp": "integrations/registerrow/",
    "consultas": "integrations/queryrun/",
    "consulta_nueva": "integrations/queryrun/add/",
    "consultas_guardadas": "integrations/savedquery/",
    "consulta_guardada_nueva": "integrations/savedquery/add/",
    "conexiones": "integrations/connection/",
    "conexion_nueva": "integrations/connection/add/",
    "homologaciones": "integrations/codemapping/",
    "homologacion_nueva": "integrations/codemapping/add/",
    "reglas_de_llenado": "integrations/fillingrule/",
    "regla_de_llenado_nueva": "integrations/fillingrule/add/",
    "regla_de_llenado_de_clientes": "integrations/fillingrule/add/?de=client",
    "periodos_cerrados": "integrations/periodlock/",
    "periodo_cerrado_nuevo": "integrations/periodlock/add/",
    "numeracion": "integrations/numberseries/",
    "numeracion_nueva": "integrations/numberseries/add/",
    "empresas": "integrations/company/",
    "usuarios": "auth/user/",
    "usuario_nuevo": "auth/user/add/",
    "grupos": "auth/group/",
    "grupo_nuevo": "auth/group/add/",
    "avisos": "avisos/",
    "trabajos": "trabajos/",
    "carpetas": "integrations/watchedfolder/",
    "clave": "password_change/",
}

PAGES_OF: dict[str, Callable[[World], str]] = {
    "importacion_fallida": lambda world: f"integrations/importfile/{world.failed_import.pk}/change/",
    "lote_sin_revisar": lambda world: f"lote/{world.failed_batch.pk}/confirmar/",
    "movimiento": lambda world: f"ledger/movement/{world.voucher.pk}/change/",
    "pedido": lambda world: f"ledger/movement/{world.doubtful.pk}/change/",
    "movimiento_con_error": lambda world: f"ledger/movement/{world.refused.pk}/change/",
    "movimiento_historial": lambda world: f"ledger/movement/{world.voucher.pk}/history/",
    "movimiento_eliminar": lambda world: f"ledger/movement/{world.voucher.pk}/delete/",
    "movimiento_anulado": lambda world: f"ledger/movement/{world.annulled.pk}/change/",
    "duplicar": lambda world: f"ledger/movement/{world.voucher.pk}/duplicar/",
    "cambios": lambda world: f"ledger/movement/{world.voucher.pk}/cambios/siigo/",
    "lado_a_lado_siigo": lambda world: f"ledger/movement/{world.refused.pk}/lado-a-lado/siigo/",
    "lado_a_lado_sag": lambda world: f"ledger/movement/{world.doubtful.pk}/lado-a-lado/sag/",
    "linea": lambda world: f"ledger/movementline/{world.voucher.lines.earliest('pk').pk}/change/",
    "lo_que_se_enviaria_siigo": lambda world: f"ledger/movement/{world.voucher.pk}/enviaria/siigo/",
    "lo_que_se_enviaria_sag": lambda world: f"ledger/movement/{world.doubtful.pk}/enviaria/sag/",
    "cliente": lambda world: f"catalog/client/{world.client.pk}/change/",
    "tercero": lambda world: f"catalog/thirdparty/{world.third_party.pk}/change/",
    "articulo": lambda world: f"catalog/article/{world.article.pk}/change/",
    "intento": lambda world: f"integrations/syncattempt/{world.attempt.pk}/change/",
    "verificacion": lambda world: f"integrations/syncattempt/{world.verification.pk}/change/",
    "correccion_campo": lambda world: f"integrations/correction/{world.correction.pk}/change/",
    "correccion_formulario": lambda world: f"integrations/correction/{world.correction.pk}/change/?campo=source_code",
    "correccion_lineas": lambda world: f"integrations/correction/{world.correction.pk}/change/?campo=lines.account",
    "correccion_revision": lambda world: f"integrations/correction/{world.previewed.pk}/change/",
    "correccion_hecha": lambda world: f"integrations/correction/{world.corrected.pk}/change/",
    "regla_de_llenado": lambda world: f"integrations/fillingrule/{world.rule.pk}/change/",
    "confirmar_con_causas": lambda world: f"lote/{world.stopped.pk}/confirmar/",
    "confirmar": lambda world: f"lote/{world.draft.pk}/confirmar/",
    "confirmar_con_maestros": lambda world: f"lote/{world.draft_with_masters.pk}/confirmar/",
    "lote_en_camino": lambda world: f"lote/{world.going.pk}/",
    "conexion_siigo": lambda world: f"integrations/connection/{world.siigo.pk}/change/",
    "conexion_sag": lambda world: f"integrations/connection/{world.sag.pk}/change/",
    "conexion_historial": lambda world: f"integrations/connection/{world.sag.pk}/history/",
    "reglas_siigo": lambda world: f"integrations/connection/{world.siigo.pk}/reglas/",
    "reglas_sag": lambda world: f"integrations/connection/{world.sag.pk}/reglas/",
    "sin_homologar_siigo": lambda world: f"integrations/codemapping/sin-homologar/{world.siigo.pk}/",
    "sin_homologar_sag": lambda world: f"integrations/codemapping/sin-homologar/{world.sag.pk}/",
    "prueba_de_clave": lambda world: f"integrations/connection/{world.sag.pk}/prueba-de-clave/",
    "ajustes_de_lectura": lambda world: f"integrations/pullplan/{world.plan.pk}/change/",
    "diferencias": lambda world: f"integrations/pullplan/{world.plan.pk}/diferencias/",
    "lectura": lambda world: f"integrations/pullrun/{world.read.pk}/change/",
    "importacion_revision": lambda world: f"integrations/importfile/{world.reviewed.pk}/change/",
    "importacion_por_decidir": lambda world: f"integrations/importfile/{world.reviewed.pk}/change/?ver=por-decidir",
    "importacion_terminada": lambda world: f"integrations/importfile/{world.brought.pk}/change/",
    "importacion_deshacer": lambda world: f"integrations/importfile/{world.brought.pk}/deshacer/",
    "dato_del_erp": lambda world: f"integrations/registerrow/{world.row.pk}/change/",
    "consulta_resultado": lambda world: f"integrations/queryrun/{world.run.pk}/change/",
    "consulta_guardada": lambda world: f"integrations/savedquery/{world.saved.pk}/change/",
    "consulta_ejecutar": lambda world: f"integrations/savedquery/{world.saved.pk}/ejecutar/",
    "homologacion": lambda world: f"integrations/codemapping/{world.mapping.pk}/change/",
    "periodo_cerrado": lambda world: f"integrations/periodlock/{world.lock.pk}/change/",
    "numeracion_una": lambda world: f"integrations/numberseries/{world.series.pk}/change/",
    "empresa": lambda world: f"integrations/company/{world.siigo.company_id}/change/",
    "usuario": lambda world: f"auth/user/{world.person.pk}/change/",
    "usuario_clave": lambda world: f"auth/user/{world.person.pk}/password/",
    "grupo": lambda world: f"auth/group/{world.group.pk}/change/",
    **{
        f"decidir_{verb}": lambda world, verb=verb: f"ledger/movement/{world.doubtful.pk}/sag/decidir/{verb}/"  # type: ignore[misc]
        for verb in VERBS
    },
}


def pages_of(world: World) -> dict[str, str]:
    """Every page that there is, by its name: its address below `/admin/`."""
    return PAGES | {name: address(world) for name, address in PAGES_OF.items()}


def told(found: dict[str, list[str]]) -> str:
    """What was found page by page, a line each: the message of a test that failed."""
    return "\n".join(f"{name}: {one}" for name, all_of_it in found.items() for one in all_of_it)
