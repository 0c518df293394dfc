"""SOAP 1.1 as WCF speaks it: what an envelope asks, and the shapes of its answers (notes, section 8)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as escape_html
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from integrations.simulators.sag_records import RecordResult
from integrations.simulators.wire import Reply, Request

NAMESPACE = "http://tempuri.org/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
GENERALES = "http://schemas.datacontract.org/2004/07/ws.logica.general"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
XML = "text/xml; charset=utf-8"
QUERY = ("a_s_token", "a_s_consulta")
OPERATIONS = {
    "consultaSagJson": QUERY,
    "consultaSagJson2": QUERY,
    "consultaSagXml": QUERY,
    "insercionSag": ("a_s_token", "a_s_tipo", "a_s_xml"),
}
MEMBERS = {
    "s_estado": "state",
    "s_fuente": "source",
    "s_identificador": "identifier",
    "s_l_movimiento": "movement",
    "s_mensaje": "message",
    "s_num_documento": "number",
}  # fmt: skip - a short table
"""Of a `clsGenerales`, in their order, with the attributes of `RecordResult`."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class SoapError(Exception):
    """The request ends here, with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.outcome)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class SoapCall:
    """An operation and its parameters; a parameter that did not arrive is None."""

    operation: str
    parameters: dict[str, str | None]


def action(request: Request) -> str:
    """The operation that the SOAPAction header names, or nothing."""
    name = request.headers.get("soapaction", "").strip().strip('"')
    operation = name.removeprefix(f"{NAMESPACE}IServiceSagWeb/")
    return operation if operation in OPERATIONS and operation != name else ""


def read_call(request: Request) -> SoapCall:
    """Raises `SoapError`: 415, 400 or a Fault."""
    _check_media_type(request.headers.get("content-type", ""))
    try:
        envelope = fromstring(request.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise SoapError(Reply(400, b"", XML, reason="Bad Request", outcome="ill-formed XML")) from None
    body = envelope.find(f"{{{ENVELOPE}}}Body")
    if envelope.tag != f"{{{ENVELOPE}}}Envelope" or body is None:
        raise SoapError(Reply(400, b"", XML, outcome="not a SOAP 1.1 envelope"))
    operation = action(request)
    if not operation:
        raise SoapError(fault("a:ActionNotSupported", _not_supported(request)))
    wrapper = next(iter(body), None)
    if wrapper is None or wrapper.tag != f"{{{NAMESPACE}}}{operation}":
        raise SoapError(_unreadable(f"OperationFormatter encountered an invalid Message body for {operation}."))
    return SoapCall(operation, _parameters(wrapper, OPERATIONS[operation]))


def _check_media_type(content_type: str) -> None:
    kind, _, rest = content_type.partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "text/xml" or charset not in ("", "utf-8"):
        reason = f"Cannot process the message because the content type '{content_type}' was not the expected type"
        raise SoapError(Reply(415, b"", XML, reason=f"{reason} '{XML}'.", outcome="wrong media type"))


def _not_supported(request: Request) -> str:
    name = request.headers.get("soapaction", "").strip('"')
    return (
        f"The message with Action '{name}' cannot be processed at the receiver, due to a ContractFilter"
        " mismatch at the EndpointDispatcher."
    )


def _parameters(wrapper: Element, names: Sequence[str]) -> dict[str, str | None]:
    """In order, as a data contract reads: what is unknown or comes too late is skipped, and stays None."""
    found: dict[str, str | None] = dict.fromkeys(names)
    position = 0
    for child in wrapper:
        name = child.tag.removeprefix(f"{{{NAMESPACE}}}")
        if name not in names[position:] or name == child.tag:
            continue
        position = names.index(name) + 1
        found[name] = _text_in(child, name)
    return found


def _text_in(parameter: Element, name: str) -> str | None:
    """The text of a parameter; None where it is nil. Raises: SoapError where it holds elements."""
    if len(parameter):
        raise SoapError(_unreadable(f"Error in line 1. End element '{name}' was expected."))
    return None if parameter.get(f"{{{INSTANCE}}}nil") in ("true", "1") else parameter.text or ""


def _unreadable(text: str) -> Reply:
    return fault("a:DeserializationFailed", f"The formatter threw an exception: {text}")


def fault(code: str, text: str) -> Reply:
    """HTTP 500 with a Fault, as WCF answers."""
    body = (
        f'<s:Fault><faultcode xmlns:a="http://schemas.microsoft.com/ws/2005/05/addressing/none">{code}</faultcode>'
        f'<faultstring xml:lang="en-US">{escape(text)}</faultstring></s:Fault>'
    )
    return Reply(500, _enveloped(body), XML, outcome=f"fault: {code}")


def _enveloped(body: str) -> bytes:
    return f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body>{body}</s:Body></s:Envelope>'.encode()


def escape(text: str) -> str:
    """Character data. What XML can't carry becomes a question mark."""
    return escape_html(UNPRINTABLE.sub("?", text), quote=False).replace("\r", "&#xD;")


def result(operation: str, content: str, attributes: str = "", outcome: str = "") -> Reply:
    """The answer of an operation, around content that is already XML."""
    body = (
        f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result{attributes}>{content}'
        f"</{operation}Result></{operation}Response>"
    )
    return Reply(200, _enveloped(body), XML, outcome=outcome)


def insertion_result(results: Sequence[RecordResult]) -> Reply:
    """One `clsGenerales` for each record, members in alphabetical order."""
    content = "".join(f"<a:clsGenerales>{_members(result)}</a:clsGenerales>" for result in results)
    attributes = f' xmlns:a="{GENERALES}" xmlns:i="{INSTANCE}"'
    outcome = "; ".join(f"{result.state}: {result.message}" for result in results)
    return result("insercionSag", content, attributes, outcome or "empty result")


def _members(result: RecordResult) -> str:
    values = ((name, getattr(result, attribute)) for name, attribute in MEMBERS.items())
    return "".join(
        f'<a:{name} i:nil="true"/>' if value is None else f"<a:{name}>{escape(value)}</a:{name}>"
        for name, value in values
    )


def key_values(names: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[str, str]:
    """Content and attributes of consultaSagJson2: a list of rows, each a list of keys and typed values."""
    tag = "a:ArrayOfKeyValueOfstringanyType"
    listed = "".join(f"<{tag}>{''.join(map(_pair, names, row))}</{tag}>" for row in rows)
    return listed, f' xmlns:a="{ARRAYS}" xmlns:i="{INSTANCE}"'


def _pair(name: str, value: object) -> str:
    if value is None:
        typed = '<a:Value i:nil="true"/>'
    else:
        kind = {int: "long", float: "decimal"}.get(type(value), "string")
        typed = f'<a:Value i:type="b:{kind}" xmlns:b="{SCHEMA}">{escape(str(value))}</a:Value>'
    return f"<a:KeyValueOfstringanyType><a:Key>{escape(name)}</a:Key>{typed}</a:KeyValueOfstringanyType>"


def data_set(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """`<NewDataSet>` as a .NET DataSet writes it: a NULL column is absent, a name's blanks are escaped."""
    tags = [re.sub(r"[^\w.-]", lambda odd: f"_x{ord(odd.group()):04X}_", name) for name in names]
    lines = (
        "".join(
            f"<{tag}>{escape(str(value))}</{tag}>" for tag, value in zip(tags, row, strict=True) if value is not None
        )
        for row in rows
    )
    return f"<NewDataSet>{''.join(f'<Consultas>{line}</Consultas>' for line in lines)}</NewDataSet>"
