"""Create instances without `Model.__init__`.

Half of the time of reading a large file would go into it: it computes the same forty defaults for each line.
"""

from functools import cache
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

_Model = TypeVar("_Model", bound=Model)


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The attributes of every new instance, and the names of those whose default is mutable."""
    values = {name: value for name, value in model().__dict__.items() if name != "_state"}
    return values, tuple(name for name, value in values.items() if isinstance(value, dict | list))


def blank(model: type[_Model]) -> _Model:
    """An unsaved instance with the defaults of its columns."""
    values, mutable = _defaults(model)
    instance = model.__new__(model)
    instance.__dict__.update(values)
    for name in mutable:
        instance.__dict__[name] = type(values[name])()
    instance._state = ModelState()
    return instance
