"""SAG's answers as bytes: the manual's two printed samples, and the makings of others."""

from html import escape

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
GENERAL = "http://schemas.datacontract.org/2004/07/ws.logica.general"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"

PRINTED_SUCCESS = (
    f'<s:Envelope xmlns:s="{SOAP}">\n<s:Body>\n<insercionSagResponse xmlns="http://tempuri.org/">\n'
    f'<insercionSagResult\nxmlns:a="{GENERAL}"\nxmlns:i="{INSTANCE}">\n<a:clsGenerales>\n'
    "<a:s_estado>OK</a:s_estado>\n"
    '<a:s_fuente i:nil="true"/>\n<a:s_identificador i:nil="true"/>\n<a:s_l_movimiento i:nil="true"/>\n'
    "<a:s_mensaje>DOCUMENTO CREADO CORRECTAMENTE</a:s_mensaje>\n"
    '<a:s_num_documento i:nil="true"/>\n'
    "</a:clsGenerales>\n</insercionSagResult>\n</insercionSagResponse>\n</s:Body>\n</s:Envelope>"
).encode()
"""Manual, insercionSag."""

PRINTED_FAILURE = (
    f'<s:Envelope xmlns:s="{SOAP}">\n<s:Body>\n<insercionSagResponse xmlns="http://tempuri.org/">\n'
    f'<insercionSagResult xmlns:a="{GENERAL}"\nxmlns:i="{INSTANCE}">\n<a:clsGenerales>\n'
    "<a:s_estado>FALLIDO</a:s_estado>\n<a:s_mensaje>EL CLIENTE YA EXISTE</a:s_mensaje>\n"
    '<a:s_identificador i:nil="true"/>\n<a:s_num_documento i:nil="true"/>\n'
    "</a:clsGenerales>\n</insercionSagResult>\n</insercionSagResponse>\n</s:Body>\n</s:Envelope>"
).encode()
"""Manual, crear clientes: other order, two fields missing."""

FAULT = (
    f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
    "<faultstring>ContractFilter mismatch</faultstring></s:Fault></s:Body></s:Envelope>"
).encode()

OBJECT_REFERENCE = "Object reference not set to an instance of an object."


def envelope(operation: str, result: str) -> bytes:
    """`result` is the whole result element's content, as XML."""
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><{operation}Response xmlns="http://tempuri.org/">'
        f'<{operation}Result xmlns:a="{ARRAYS}" xmlns:i="{INSTANCE}">{result}</{operation}Result>'
        f"</{operation}Response></s:Body></s:Envelope>"
    ).encode()


def insertion(*rows: dict[str, str]) -> bytes:
    """An answer with one clsGenerales per mapping of fields."""
    parts = "".join(
        "<clsGenerales>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in row.items()) + "</clsGenerales>"
        for row in rows
    )
    return envelope("insercionSag", parts)


def failed(message: str) -> bytes:
    return insertion({"s_estado": "FALLIDO", "s_mensaje": message})


def json_answer(text: str) -> bytes:
    return envelope("consultaSagJson", escape(text))
