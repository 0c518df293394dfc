"""Takes back what an import did, as long as nothing of it left."""

import time
from collections import Counter
from typing import Any

from integrations.files.importing import undoing
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import ImportedRecord, ImportFile

_Outcome = ImportedRecord.Outcome
_WAIT_SECONDS = 0.5
_EDITED_HELP = "también lo que se cambió aquí después de importarlo"


class Command(StaffCommand):
    """`undo_import N`: the number that *Importaciones anteriores* and `import_file` show."""

    help = "Deshace una importación: elimina lo que agregó y deja como estaba lo que cambió, si nada de eso salió."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("number", type=int, help="el número de la importación")
        parser.add_argument("--with-edited", action="store_true", help=_EDITED_HELP)
        parser.add_argument("--dry-run", action="store_true", help="dice qué haría; no cambia nada")
        self.add_json_flag(parser)

    def run(self, **options: Any) -> int:
        file = ImportFile.objects.filter(pk=options["number"]).first()
        if file is None:
            raise wrong_usage(f"No hay ninguna importación {options['number']}.")
        found = undoing.preview(file, with_edited=options["with_edited"])
        stays = sum(stay.count for stay in found.stays)
        counts = {"deleted": found.deletes, "restored": found.restores, "kept": stays}
        if not options["dry_run"]:
            if not undoing.request(file.pk, with_edited=options["with_edited"]):
                raise wrong_usage(
                    f"La importación {file.pk} está «{file.get_state_display()}»: no hay nada que deshacer."
                )
            while undoing.run(file.pk) == ImportFile.State.UNDOING.label:
                file.refresh_from_db()
            done = undoing.outcome_counts(file)
            counts = {name: done[_Outcome(name)] for name in counts}
        self._report(counts, found, options)
        return NEEDS_A_PERSON if counts["kept"] else OK

    def _undo(self, file: ImportFile, *, with_edited: bool) -> Counter[str]:
        """How many records ended how. The worker may take it up first: then this waits for it."""
        if not undoing.request(file.pk, with_edited=with_edited):
            state = file.get_state_display()
            raise wrong_usage(f"La importación {file.pk} está «{state}»: no hay nada que deshacer.")
        while ImportFile.objects.get(pk=file.pk).state == ImportFile.State.UNDOING:
            if undoing.run(file.pk) == undoing.TAKEN:
                time.sleep(_WAIT_SECONDS)
        return undoing.outcome_counts(file)

    def _report(self, counts: dict[str, int], found: undoing.UndoPreview, options: dict[str, Any]) -> None:
        if options["json"]:
            reasons = [{"reason": stay.reason, "count": stay.count} for stay in found.stays]
            self.emit({"import": options["number"], **counts, "reasons": reasons})
            return
        self.say(*(f"Se quedan {stay.count}: {stay.reason}" for stay in found.stays))
        prefix = "SIMULACIÓN, no se cambió nada. " if options["dry_run"] else ""
        self.say(
            f"{prefix}Eliminados: {counts['deleted']}. Como estaban: {counts['restored']}. Se quedan: {counts['kept']}."
        )
