"""New unsaved records, as their constructor makes them, without what it costs.

Half of the time of reading a large file would go into `Model.__init__`, which works out the same forty defaults
for each line, and a good part of registering its documents.
"""

from functools import cache
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

_Some = TypeVar("_Some", bound=Model)


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What every new instance holds, and which of it is mutable."""
    held = {name: value for name, value in model().__dict__.items() if name != "_state"}
    return held, tuple(name for name, value in held.items() if isinstance(value, dict | list))


def blank(model: type[_Some]) -> _Some:
    """A new instance with the defaults of its columns."""
    held, mutable = _defaults(model)
    made = model.__new__(model)
    made.__dict__.update(held)
    for name in mutable:
        made.__dict__[name] = type(held[name])()
    made._state = ModelState()
    return made
