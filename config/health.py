"""`/salud` and `/salud/cola`: whether this process lives, its database answers, and the queue runs tasks.

No secrets, no counts of business data. The web is ready without the queue: a balancer asks the first, a monitor the
second.
"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from integrations.queue import heartbeat


def health(_request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, else 503."""
    return _told(_database_answers())


def queue_health(_request: HttpRequest) -> JsonResponse:
    """200 while the sending process gives signs of life or waits for an ERP, else 503."""
    return _told(_database_answers() and not heartbeat.is_silent())


def _told(is_ready: bool) -> JsonResponse:
    return JsonResponse({"vivo": True, "listo": is_ready}, status=200 if is_ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
