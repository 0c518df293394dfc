"""Brings files in, in a process of its own, and says the most memory that it took: `weighing FILE…`."""

import io
import json
import sys
from contextlib import redirect_stdout, suppress

from tests.benchmarks.measuring import most_megabytes, prepare_on


def main(paths: list[str]) -> None:
    import os

    prepare_on(os.environ["DATABASE_URL"])
    from django.core.management import call_command

    from tests import builders

    builders.company()
    created = []
    for path in paths:
        said = io.StringIO()
        with redirect_stdout(said), suppress(SystemExit):
            call_command("import_file", path, "--json", stdout=said)
        created.append(json.loads(said.getvalue())["created"])
    print(json.dumps({"created": created, "megabytes": most_megabytes()}))


if __name__ == "__main__":
    main(sys.argv[1:])
