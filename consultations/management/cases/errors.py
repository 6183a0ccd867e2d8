"""What is wrong with a file of cases, in words."""

from dataclasses import dataclass

SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that is not understood; `row` is the spreadsheet's, where the header is row 1."""

    row: int
    column: str
    value: str
    accepted: str

    def __str__(self) -> str:
        value = f'"{printable(self.value)}"' if self.value else "blank"
        return f"Row {self.row}, {self.column}: {value} is not accepted; {self.accepted}."


class CasesError(Exception):
    """The file cannot be used; its text is one line, or one for each bad cell."""

    def __init__(self, *problems: str | CellError) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.cells = tuple(problem for problem in problems if isinstance(problem, CellError))


def printable(text: str, length: int = SHOWN_LENGTH) -> str:
    """Return the text on one line, cut, without characters that could steer a terminal."""
    text = " ".join(text[: 4 * length].split())
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= length else f"{text[: length - 1]}…"
