# mypy: disable-error-code="misc,import-untyped,untyped-decorator,attr-defined,no-any-unimported"
# mypy: no-warn-unused-ignores
"""A SAG written with another SOAP stack (spyne), by the shape that the WSDL gives: for our client to talk to."""

import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import spec_from_loader
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from spyne import Application, Array, ComplexModel, ServiceBase, Unicode, rpc
    from spyne.protocol.soap import Soap11
    from spyne.server.wsgi import WsgiApplication


def _known(finder: Any, name: str, *_: Any) -> Any:
    return spec_from_loader(name, finder) if name in finder.known_modules else None


for _finder in sys.meta_path:
    if type(_finder).__name__ == "_SixMetaPathImporter" and not hasattr(_finder, "find_spec"):
        # The six inside spyne is older than find_spec: every later import of the process would warn.
        type(_finder).find_spec = _known  # type: ignore[method-assign]

TEMPURI = "http://tempuri.org/"
GENERAL = "http://schemas.datacontract.org/2004/07/ws.logica.general"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
PEOPLE = '[{"Documento": 811040859, "Nombre": "PyA  "}]'
DATA_SET = "<NewDataSet><Consultas><Documento>811040859</Documento><Nombre>PyA  </Nombre></Consultas></NewDataSet>"


class clsGenerales(ComplexModel):  # noqa: N801 - the name on the wire
    """What became of one record."""

    __namespace__ = GENERAL
    s_estado = Unicode
    s_fuente = Unicode
    s_identificador = Unicode
    s_mensaje = Unicode
    s_num_documento = Unicode


class KeyValueOfstringanyType(ComplexModel):
    """One column of one row."""

    __namespace__ = ARRAYS
    Key = Unicode
    Value = Unicode


class ArrayOfKeyValueOfstringanyType(ComplexModel):
    """One row."""

    __namespace__ = ARRAYS
    KeyValueOfstringanyType = KeyValueOfstringanyType.customize(max_occurs="unbounded")


def _named(operation: str) -> dict[str, str]:
    return {"_out_variable_name": f"{operation}Result", "_out_message_name": f"{operation}Response"}


def _service(received: list[tuple[str, ...]]) -> type[ServiceBase]:
    class ServiceSagWeb(ServiceBase):  # type: ignore[misc]
        @rpc(Unicode, Unicode, Unicode, _returns=Array(clsGenerales), **_named("insercionSag"))
        def insercionSag(ctx: Any, a_s_token: str, a_s_tipo: str, a_s_xml: str) -> Any:  # noqa: N802, N805
            received.append((a_s_token, a_s_tipo, a_s_xml))
            return [clsGenerales(s_estado="OK", s_mensaje="DOCUMENTO CREADO CORRECTAMENTE", s_num_documento="7")]

        @rpc(Unicode, Unicode, _returns=Unicode, **_named("consultaSagJson"))
        def consultaSagJson(ctx: Any, a_s_token: str, a_s_consulta: str) -> str:  # noqa: N802, N805
            received.append((a_s_token, a_s_consulta))
            return PEOPLE

        @rpc(Unicode, Unicode, _returns=Unicode, **_named("consultaSagXml"))
        def consultaSagXml(ctx: Any, a_s_token: str, a_s_consulta: str) -> str:  # noqa: N802, N805
            received.append((a_s_token, a_s_consulta))
            return DATA_SET

        @rpc(Unicode, Unicode, _returns=Array(ArrayOfKeyValueOfstringanyType), **_named("consultaSagJson2"))
        def consultaSagJson2(ctx: Any, a_s_token: str, a_s_consulta: str) -> Any:  # noqa: N802, N805
            received.append((a_s_token, a_s_consulta))
            pairs = [("Documento", "811040859"), ("Nombre", "PyA  ")]
            return [
                ArrayOfKeyValueOfstringanyType(
                    KeyValueOfstringanyType=[KeyValueOfstringanyType(Key=key, Value=value) for key, value in pairs]
                )
            ]

    return ServiceSagWeb


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def other_sag() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Its address, and the parameters of each call that it understood."""
    received: list[tuple[str, ...]] = []
    soap = Soap11(validator="soft")
    application = Application([_service(received)], tns=TEMPURI, in_protocol=soap, out_protocol=Soap11())
    server = make_server("127.0.0.1", 0, WsgiApplication(application), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ServiceSagWeb.svc/soap", received
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
