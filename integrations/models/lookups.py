"""`__among`: like `__in`, with the values as one array parameter."""

import json
from typing import Any

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """`number__among=[…]`: rows that have one of hundreds of texts or integers, which travel as ONE parameter.

    `__in` has one for each, and Django and the driver write, split and quote them one by one: for five hundred that
    costs more than the search itself.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, before = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*before, self.rhs)
        one_of = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - `column` is the compiler's
        return one_of, (*before, json.dumps(self.rhs))
