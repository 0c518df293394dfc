"""`RecordModelAdmin`: the permissions and the fixed fields of a record, for its pages and buttons."""

from typing import Any

from django.http import HttpRequest

from integrations.admin import permissions
from integrations.admin.fixed_fields import FixedFields, fixed_fields_of
from integrations.admin.request_cache import read_once
from integrations.admin.staff_admin import StaffAdmin
from integrations.choices import Target
from integrations.connections import record_kinds
from integrations.models import Connection, Syncable
from integrations.selectors import pages


class RecordModelAdmin(StaffAdmin):
    """The base of `RecordAdmin`, without its list and form, so that the pages of a record can import it."""

    key_columns: tuple[str, ...] = ()
    """Columns that can't change once an ERP holds the record."""
    is_document = False
    """Whether a sent record can't change at all where the ERP takes no updates. Masters can."""
    send_order: tuple[str, ...] = ("pk",)
    """The order in which selected records are sent."""
    model: type[Syncable]
    has_send_permission = staticmethod(permissions.may_send)
    has_resolve_permission = staticmethod(permissions.may_verify)
    has_mark_by_hand_permission = staticmethod(permissions.may_mark_by_hand)
    has_export_permission = staticmethod(permissions.may_export)

    def targets(self, request: HttpRequest) -> list[Target]:
        """The ERPs that this kind goes to, always or by a setting of some connection."""
        return record_kinds.targets_of(self.model, connections_of(request))

    def fixed_of(self, request: HttpRequest, record: Any) -> FixedFields:
        """The fields that can't be changed any more, and why."""
        return fixed_fields_of(request, record, self.key_columns, is_document=self.is_document)

    def url_name(self, page: str) -> str:
        """Name of the URL of a page of this kind: `command`, `decide`, `changes`, `side_by_side`, …"""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def copy_url(self, record: Any) -> str:
        """URL of the page that duplicates a record; empty where this kind has none."""
        return ""


def connections_of(request: HttpRequest) -> list[Connection]:
    """The connections that are not archived, read once a request: Django asks for the actions several times."""
    return read_once(request, "live_connections", pages.live_connections)
