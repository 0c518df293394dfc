"""The groups that come with the product, and their permissions. What an administrator changes in one stays."""

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

GROUPS: dict[str, tuple[str, ...]] = {
    "Asistente contable": ("view", "add", "change", "import"),
    "Contador": (
        "view",
        "add",
        "change",
        "delete",
        "send",
        "resolve",
        "adopt",
        "confirm_absent",
        "mark_by_hand",
        "annul",
        "stop",
        "update_in_siigo",
        "pull",
        "query",
        "give_number",
        "export",
        "import",
        "rule",
    ),
    "Revisor fiscal": ("view", "export"),
}
"""Group → verbs over the records; those of `_OF_THE_BATCH` are permissions of the batch."""
_OF_THE_BATCH = ("send", "resolve", "adopt", "confirm_absent", "mark_by_hand", "annul", "update_in_siigo")
_ELSEWHERE = {
    "export": ("export_fileexport", "view_fileexport"),
    "pull": ("pull_pullrun",),
    "query": ("query_sag", "view_savedquery", "view_queryrun"),
    "stop": ("stop_sendingswitch",),
    "import": ("import_importfile",),
    "rule": ("view_fillingrule", "add_fillingrule", "change_fillingrule", "delete_fillingrule"),
    "give_number": ("give_next_number", "view_numberseries"),
}
"""Verbs with permissions of their own."""
_RECORDS = ("movement", "movementline", "movementpayment", "client", "thirdparty", "article", "assignment")
_EVIDENCE = ("syncattempt", "syncbatch", "decisionrequest", "handchange", "importfile", "correction")
_PULLS = ("pullplan", "pullrun", "registerrow")


def permissions_of(name: str) -> "QuerySet[Permission]":
    """The permissions that a group comes with."""
    verbs, own = GROUPS[name], (*_OF_THE_BATCH, *_ELSEWHERE)
    codenames = [f"{verb}_{model}" for verb in verbs for model in _RECORDS if verb not in own]
    codenames += [f"view_{model}" for model in (*_EVIDENCE, *_PULLS)]
    codenames += [f"{verb}_syncbatch" for verb in verbs if verb in _OF_THE_BATCH]
    codenames += [codename for verb in verbs for codename in _ELSEWHERE.get(verb, ())]
    return Permission.objects.filter(codename__in=codenames)


class ShippedGroup:
    """One of them, for `bootstrap`."""

    def __init__(self, name: str) -> None:
        self.name, self.label = name, f"Grupo «{name}»"

    def create(self) -> str:
        """Make the group where there is none; what was done, in Spanish."""
        if Group.objects.filter(name=self.name).exists():
            return ""
        self.restore()
        return "se creó."

    def differences(self) -> list[str]:
        """What an administrator gave it or took from it."""
        held = set(Group.objects.get(name=self.name).permissions.all())
        shipped = set(permissions_of(self.name))
        return [*_named("le falta", shipped - held), *_named("tiene además", held - shipped)]

    def restore(self) -> None:
        """Give it exactly the permissions that it comes with."""
        Group.objects.get_or_create(name=self.name)[0].permissions.set(permissions_of(self.name))


def _named(what: str, permissions: set[Permission]) -> list[str]:
    return [f"{what}: {', '.join(sorted(one.name for one in permissions))}"] if permissions else []


def make_groups() -> None:
    """Make those that are not there."""
    for name in GROUPS:
        ShippedGroup(name).create()
