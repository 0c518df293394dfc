"""125,000 rows in one answer of SAG: the peak memory of reading them, against the size of the body.

Each method is read in a process of its own, so that one's peak is not another's.
"""

import resource
import subprocess
import sys
import time
from html import escape
from typing import cast

from integrations.erp.sag.answers import read_query
from integrations.erp.sag.rows import OPERATIONS, QueryMethod

ROWS = 125_000
_ROW = '{{"codigo": "{0:08d}", "nombre": "ARTICULO DE PRUEBA {0}            ", "precio": {0}.50, "nota": null}}'
_COLUMNS = (
    "<Consultas><codigo>{0:08d}</codigo><nombre>ARTICULO DE PRUEBA {0}    </nombre><precio>{0}.50</precio></Consultas>"
)
_PAIR = "<a:KeyValueOfstringanyType><a:Key>{}</a:Key><a:Value>{}</a:Value></a:KeyValueOfstringanyType>"


def content(method: QueryMethod, rows: int) -> str:
    """What is inside of the result element."""
    if method == "json":
        return escape("[" + ",".join(_ROW.format(n) for n in range(rows)) + "]", quote=False)
    if method == "xml":
        return escape("<NewDataSet>" + "".join(_COLUMNS.format(n) for n in range(rows)) + "</NewDataSet>")
    opening, closing = "<a:ArrayOfKeyValueOfstringanyType>", "</a:ArrayOfKeyValueOfstringanyType>"
    return "".join(
        opening + _PAIR.format("codigo", n) + _PAIR.format("precio", f"{n}.50") + closing for n in range(rows)
    )


def answer(method: QueryMethod, rows: int) -> bytes:
    """A whole SOAP answer with so many rows."""
    operation = OPERATIONS[method]
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation}Response xmlns="http://tempuri.org/"><{operation}Result'
        ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays">'
        f"{content(method, rows)}</{operation}Result></{operation}Response></s:Body></s:Envelope>"
    ).encode()


def measure(method: QueryMethod, rows: int = ROWS) -> None:
    """Print what this process took to read one answer."""
    body = answer(method, rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    read = read_query(200, body, method)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = len(body) / 2**20
    print(
        f"{method}: {len(read)} rows, body {size:.0f} MiB, {seconds:.1f} s, peak {peak / 1024:.0f} MiB "
        f"(reading added {(peak - before) / 1024:.0f}; {peak / 1024 / size:.1f} times the body)"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(cast("QueryMethod", sys.argv[1]))
    else:
        for each in OPERATIONS:
            subprocess.run([sys.executable, "-m", "tests.benchmarks.bench_query", each], check=True)
