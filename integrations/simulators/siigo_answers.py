"""What the stand-in for Siigo answers to a write: the published success, and refusals in a shape that is assumed."""

import json
from dataclasses import asdict

from integrations.simulators.siigo_envelope import RefusedError
from integrations.simulators.wire import Reply

ACCEPTED = {
    "statusCode": 200,
    "message": "Movimientos contables insertados correctamente en Siigo Pyme",
    "errors": None,
}
ERROR_STYLES = ("objects", "strings", "string", "nest", "ok_400", "html_502", "empty")


def refused(refusal: RefusedError, style: str) -> Reply:
    """A refusal in one of the shapes that the real connector may have: none is documented."""
    status, message, errors = refusal.status, refusal.message, refusal.errors
    texts = [f"Fila {error.row}: {error.message}" for error in errors]
    bodies: dict[str, object] = {
        "objects": {"statusCode": status, "message": message, "errors": [asdict(error) for error in errors]},
        "strings": {"statusCode": status, "message": message, "errors": texts or [message]},
        "string": {"statusCode": status, "message": message, "errors": "; ".join(texts) or message},
        "nest": {"statusCode": status, "message": texts or [message], "error": "Bad Request"},
    }
    outcome = f"refused: {'; '.join(texts) or message}"
    match style:
        case "html_502":
            return Reply(502, b"<html><body>Bad Gateway</body></html>", "text/html", outcome=outcome)
        case "empty":
            return Reply(status, b"", outcome=outcome)
        case "ok_400":
            return Reply(200, _encoded(bodies["objects"]), outcome=outcome)
        case _:
            return Reply(status, _encoded(bodies[style]), outcome=outcome)


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
