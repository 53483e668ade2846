"""Where a name stands inside an expression's text: past strings, comments, quoted names and regular expressions."""

import re
from collections.abc import Sequence

_PARTS = re.compile(
    r"""(?P<comment>/\*.*?\*/)
    | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<quoted>`[^`]*`)
    | (?P<slash>/)
    | (?P<other>\$*\w+|\s+|.)""",
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:\\.|[^/\\\n])+/[im]*")
_ENDS_A_VALUE = re.compile(r"[\w)\]}\"'`$]\s*$")


def code_of(source: str) -> str:
    """The source with everything that is not code blanked, every character at its place. Quoted names stay."""
    code: list[str] = []
    at = 0
    while at < len(source):
        part = _PARTS.match(source, at)
        assert part is not None
        end, kept = part.end(), part.lastgroup in ("quoted", "other")
        if part.lastgroup == "slash":
            regex = None if _ENDS_A_VALUE.search("".join(code)) else _REGEX.match(source, at)
            end, kept = (regex.end(), False) if regex else (end, True)
        blanked = re.sub(r"[^\n]", " ", source[at:end])
        # A text is a value: the `/` after it divides.
        code.append(source[at:end] if kept else f'"{blanked[2:]}"' if part.lastgroup == "text" else blanked)
        at = end
    return "".join(code)


def position_of_path(source: str, path: Sequence[str]) -> int | None:
    """Where the last name of a path like `query.email` stands; of its first name when the rest is not spelled out."""
    code = code_of(source)
    names = [rf"(?:{re.escape(name)}(?!\w)|`{re.escape(name)}`)" for name in path]
    start = r"(?<![\w$.`])"
    exact = re.search(start + r"\s*(?:\[[^\]]*\]\s*)*\.\s*(?:\(\s*)?".join(f"({name})" for name in names), code)
    if exact is not None:
        return exact.start(len(names))
    first = re.search(start + names[0], code)
    begin = first.start() if first else 0
    last = re.search(rf"(?<![\w$`]){names[-1]}", code[begin:])
    return begin + last.start() if last else None


def position_of_variable(source: str, name: str) -> int | None:
    """Where `$name` stands first; `name` may be `$` for the whole input."""
    found = re.search(rf"(?<![\w$])\${re.escape(name)}(?![\w$])", code_of(source))
    return found.start() if found else None


def is_called(source: str, name: str) -> bool:
    """Whether `$name` is called as a function."""
    return re.search(rf"(?<![\w$])\${re.escape(name)}\s*\(", code_of(source)) is not None


def is_used(source: str, name: str) -> bool:
    """Whether `$name` stands for a value: it is neither called nor passed on to as a function."""
    code = code_of(source)
    return re.search(rf"(?<![\w$])(?<!~>)(?<!~> )\${re.escape(name)}(?![\w$])(?!\s*\()", code) is not None


def is_traceable(source: str) -> bool:
    """Whether what is read can be told from the text: not with the parent operator or with bound positions."""
    return re.search(r"@\s*\$|(?:^|[.(\[{,;:?=])\s*%", code_of(source)) is None
