"""`/salud`: whether this process lives and its database answers. No secrets, no counts of business data."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def health(_request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"vivo": True, "listo": False}, status=503)
    return JsonResponse({"vivo": True, "listo": True})
