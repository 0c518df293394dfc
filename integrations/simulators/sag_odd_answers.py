"""The answers of the stand-in for SAG that no request calls for: faults in SOAP's own form."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from integrations.simulators.fault_injection import Fault
from integrations.simulators.sag_records import OBJECT_REFERENCE, FailedError, RecordResult, first, parse
from integrations.simulators.sag_soap import XML, SoapError, fault, insertion_result, read_call
from integrations.simulators.wire import Reply, Request

CREATED = "DOCUMENTO CREADO CORRECTAMENTE"
NOTHING_STORED = "NO SE GRABO EL DOCUMENTO: PERIODO CERRADO"
UNPUBLISHED = "Documento procesado con exito. Consecutivo 123"
RUNTIME_ERROR = Reply(500, b"<html><body>Runtime Error</body></html>", "text/html")
DIGITS = 5_000
MEGABYTE = 2**20
NUL, SURROGATE = "&#0;", "&#xD800;"
"""XML can carry neither, so the answer that tries is ill-formed."""
Success = Callable[[Mapping[str, str], Fault], RecordResult]


def _with_reference(state: str, reference: str) -> Reply:
    reply = insertion_result([RecordResult(state, CREATED)])
    return replace(reply, body=reply.body.replace(CREATED.encode(), f"{CREATED}{reference}".encode()))


def _naming_nothing(default: str) -> Success:
    return lambda _, settings: RecordResult("OK", settings.text or default)


def _counting_another(_: Mapping[str, str], settings: Fault) -> RecordResult:
    return RecordResult("OK", settings.text or f"{settings.value or 2} DOCUMENTOS CREADOS CORRECTAMENTE")


def _naming_another(fields: Mapping[str, str], settings: Fault) -> RecordResult:
    """A number, fuente or NIT that the request does not bear, in the member that is for it."""
    text = settings.text or CREATED
    match settings.names:
        case "nit":
            tax_id = first(fields, "documento", "Documento", "documentoActual", "Nit", "NitTercero")
            return RecordResult("OK", text, identifier=settings.value or _next(tax_id))
        case "source":
            return RecordResult("OK", text, source=settings.value or "ZZ")
        case _:
            number = settings.value or _next(first(fields, "NumeroDocumento"))
            return RecordResult("OK", text, source=first(fields, "CodigoFuente") or None, number=number)


def _next(text: str) -> str:
    return str(int(text) + 1) if text.isdecimal() else "1"


def _fields(request: Request) -> Mapping[str, str]:
    """The first record of the request; nothing where it can't be read."""
    try:
        return parse(read_call(request).parameters["a_s_xml"] or "").children[0].fields
    except (SoapError, FailedError, KeyError, IndexError):
        return {}


INTERNAL_ERROR = "The server was unable to process the request due to an internal error."
FIXED = {
    "empty_result": insertion_result([]),
    "object_reference": insertion_result([RecordResult("FALLIDO", OBJECT_REFERENCE)]),
    "unauthorized": Reply(401, b"", XML),
    "soap_fault": fault("a:InternalServiceFault", INTERNAL_ERROR),
}
MESSAGES: Mapping[str, Callable[[str], Reply]] = {
    "message_with_nul": lambda state: _with_reference(state, NUL),
    "message_with_surrogate": lambda state: _with_reference(state, SURROGATE),
    "huge_status_code": lambda state: insertion_result([RecordResult(state, CREATED, number="2" + "0" * (DIGITS - 1))]),
    "huge_message": lambda state: insertion_result([RecordResult(state, "X" * MEGABYTE)]),
}
SUCCESSES: Mapping[str, Success] = {
    "success_nothing_stored": _naming_nothing(NOTHING_STORED),
    "success_unpublished": _naming_nothing(UNPUBLISHED),
    "success_other_count": _counting_another,
    "success_names_another": _naming_another,
}


def odd_answer(name: str, request: Request, settings: Fault) -> Reply:
    """The answer of a fault. A message is of OK where the fault stores (`commit`), else of FALLIDO."""
    if name in MESSAGES:
        return MESSAGES[name]("OK" if settings.commit else "FALLIDO")
    if name in SUCCESSES:
        return insertion_result([SUCCESSES[name](_fields(request), settings)])
    return FIXED.get(name, RUNTIME_ERROR)
