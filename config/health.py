"""`/salud`, for a load balancer, and `/salud/cola`, for a monitor: the web serves pages without the queue.

Neither shows secrets or counts of business data.
"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from integrations.queue import heartbeat


def health(_request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503."""
    return _status(_database_answers())


def queue_health(_request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the queue's heartbeat is recent, else 503."""
    return _status(_database_answers() and not heartbeat.is_silent())


def _status(is_ready: bool) -> JsonResponse:
    return JsonResponse({"vivo": True, "listo": is_ready}, status=200 if is_ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
