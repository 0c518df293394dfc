"""Print the history of one record."""

from typing import Any

from integrations.choices import Target
from integrations.management.staff_command import OK, StaffCommand, wrong_usage
from integrations.selectors import console_reports


class Command(StaffCommand):
    help = "La historia de un registro: estado, intentos, lo que se envió, lo que respondió el ERP y qué hacer."

    def add_arguments(self, parser: Any) -> None:
        self.add_model(parser)
        parser.add_argument("id", type=int)
        self.add_json_flag(parser)

    def run(self, *, model: str, id: int, json: bool, **_: Any) -> int:  # noqa: A002
        story = console_reports.story(model, id)
        if story is None:
            raise wrong_usage(f"No hay un registro {model} con id {id}.")
        if json:
            self.emit(story)
            return OK
        for target, standing in story.items():
            self._print(Target(target), standing)
        return OK

    def _print(self, target: Target, standing: dict[str, Any]) -> None:
        self.say(
            f"{target.label}: {standing['label']}"
            + (f" ({standing['grade_label']})" if standing["grade_label"] else "")
            + (f" · número {standing['reference']}" if standing["reference"] else "")
        )
        self.say(*(f"  {line}" for line in (standing["message"], standing["advice"]) if line))
        for attempt in standing["attempts"]:
            self.say(f"  {attempt['started_at']} {attempt['operation']}: {attempt['outcome']} {attempt['message']}")
            self.say(f"    se envió: {attempt['sent']}" if attempt["sent"] else "    no se conserva lo enviado")
            if attempt["answer"]:
                self.say(f"    respondió: {attempt['answer']}")
