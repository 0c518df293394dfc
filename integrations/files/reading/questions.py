"""What only a person can say about a table before it is read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyQuestion:
    """`about` is an attribute of `ReadingPlan`; `choices` are (value, Spanish label).

    `column` is the heading, and `place` the column from 0, of a question about one column alone. `key` is that of the
    import target for which one value may stand in all of the file; `offer` what the shell may be told, as
    `TÍTULO=CAMPO`.
    """

    about: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    place: int | None = None
    column: str = ""
    key: str = ""
    offer: str = ""
