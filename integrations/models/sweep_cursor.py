"""Where a pass over many records stopped, so that the next one goes on from there (sync protocol, section 10.21)."""

from typing import TypeVar

from django.db import models

_Model = TypeVar("_Model", bound=models.Model)


class SweepCursor(models.Model):
    """One pass of the sweeper: the key of the last record that it looked at; 0 before the first one."""

    name = models.CharField("recorrido", max_length=120, unique=True)
    position = models.BigIntegerField("último registro visto", default=0)

    class Meta:
        verbose_name = "avance de un recorrido"
        verbose_name_plural = "avances de los recorridos"

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"


def next_rows(name: str, rows: "models.QuerySet[_Model]", most: int) -> list[_Model]:
    """At most `most` of these rows: all where they are no more, else those after the last ones of the pass `name`.

    After the last row the pass begins anew, so that none waits for ever behind others that stay. Each call moves the
    place of the pass in the database, also where its caller then does nothing.
    """
    ordered = rows.order_by("pk")
    first = list(ordered[: most + 1])
    if len(first) <= most:
        return first
    cursor, _ = SweepCursor.objects.get_or_create(name=name)
    found = list(ordered.filter(pk__gt=cursor.position)[:most])
    found += first[: most - len(found)]
    SweepCursor.objects.filter(pk=cursor.pk).update(position=found[-1].pk)
    return found
