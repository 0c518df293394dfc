"""What the pages and buttons of a record may ask of its `ModelAdmin`: who may do what, and what is fixed."""

from typing import Any

from django.http import HttpRequest

from integrations.admin.fixed_fields import Fixed, fixed_of
from integrations.admin.staff_admin import StaffAdmin
from integrations.choices import Target
from integrations.connections import record_kinds
from integrations.models import Connection, Syncable
from integrations.selectors import pages


class RecordModelAdmin(StaffAdmin):
    """The `ModelAdmin` of a kind of record that an ERP may hold, as its own pages see it."""

    key_columns: tuple[str, ...] = ()
    """What can't change once an ERP holds the record."""
    is_document = False
    """Whether a sent one stays as it was sent, where the ERP takes no changes. Masters go on living."""
    send_order: tuple[str, ...] = ("pk",)
    model: type[Syncable]

    def targets(self, request: HttpRequest) -> list[Target]:
        """The ERPs that this kind goes to, for every company or by some connection's switch."""
        return record_kinds.targets_of(self.model, connections_of(request))

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.send_syncbatch")

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.resolve_syncbatch")

    def has_mark_by_hand_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.mark_by_hand_syncbatch")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.export_fileexport")

    def fixed_of(self, request: HttpRequest, record: Any) -> Fixed:
        """What may not be changed any more, and why."""
        return fixed_of(request, record, self.key_columns, is_document=self.is_document)

    def copy_url(self, record: Any) -> str:
        """Where a record of this kind is duplicated; empty where it is not."""
        return ""


def connections_of(request: HttpRequest) -> list[Connection]:
    """Those in use, read once a request: Django asks for the actions several times."""
    if not hasattr(request, "live_connections"):
        request.live_connections = pages.live_connections()  # type: ignore[attr-defined]
    found: list[Connection] = request.live_connections  # type: ignore[attr-defined]
    return found
