"""The message after an action, with its counts."""

from django.contrib import messages
from django.http import HttpRequest

from integrations.standings.requester import Tally


def report(request: HttpRequest, title: str, tally: Tally) -> None:
    """Add a message with the counts of an action, zero included, and the reasons for skipped records."""
    text = f"{title}: {tally.done} {'listo' if tally.done == 1 else 'listos'}"
    if tally.skipped:
        text += f", {tally.skipped} {'omitido' if tally.skipped == 1 else 'omitidos'}. {' '.join(tally.reasons)}"
    else:
        text += "."
    messages.add_message(request, messages.SUCCESS if tally.done else messages.WARNING, text)
