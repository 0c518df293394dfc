"""What a person may do here, beyond the permissions that Django's own lists check."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from integrations.choices import Kind
from integrations.models.syncable import model_for


def has_permission(name: str) -> Callable[[HttpRequest], bool]:
    """A check of one permission, `app.codename`, for pages, menu entries and `has_…_permission` of a `ModelAdmin`."""

    def check(request: HttpRequest) -> bool:
        return request.user.has_perm(name)

    return check


may_send = has_permission("integrations.send_syncbatch")
may_verify = has_permission("integrations.resolve_syncbatch")
may_mark_by_hand = has_permission("integrations.mark_by_hand_syncbatch")
may_renumber = has_permission("integrations.give_next_number")
may_probe_keys = has_permission("integrations.probe_syncbatch")
may_stop_all = has_permission("integrations.stop_sendingswitch")
may_import = has_permission("integrations.import_importfile")
may_export = has_permission("integrations.export_fileexport")
may_pull = has_permission("integrations.pull_pullrun")
may_query = has_permission("integrations.query_sag")
MAKE_RULES = "integrations.add_fillingrule"
may_make_rules = has_permission(MAKE_RULES)
may_see_jobs = has_permission("integrations.view_backgroundjob")
may_steer_jobs = has_permission("integrations.change_backgroundjob")
may_see_batches = has_permission("integrations.view_syncbatch")


def may_on_kind(request: HttpRequest, kind: Kind | str, *verbs: str) -> bool:
    """Whether the person may do all of these with records of a kind: `add`, `change`, `delete`, `view`."""
    meta = model_for(kind)._meta
    return all(request.user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}") for verb in verbs)


_MOST_NAMED = 3


def who_may_change(kind: Kind | str) -> str:
    """Whom to ask for a change of records of a kind, in Spanish."""
    meta = model_for(kind)._meta
    return who_may(f"{meta.app_label}.change_{meta.model_name}")


def who_may(permission: str) -> str:
    """Whom to ask for what needs a permission, in Spanish."""
    allowed = get_user_model().objects.with_perm(permission)
    people = allowed.filter(is_active=True, is_staff=True).order_by("is_superuser", "username")[:_MOST_NAMED]
    names = [person.get_full_name() or person.get_username() for person in people]
    return f"Puede hacerlo: {', '.join(names)}." if names else "Pídalo al administrador."
