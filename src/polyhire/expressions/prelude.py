"""The functions we add that are written in JSONata itself.

They run inside the engine, six times cheaper per call than a Python callable, so the ones that
mappings call for every record live here. Each is added to a program only when it is mentioned.
"""

import re
from collections.abc import Iterator

PRELUDE: dict[str, str] = {
    # $mapValues(value, {"Theirs": "ours"}): the table's value; what the table does not know passes through.
    "mapValues": """function($value, $table) {
        $value.( $known := $lookup($table, $string($)); $exists($known) ? $known : $ )
    }""",
    # $firstNonEmpty([a, b, c]): the first that is something: not absent, null, "", [] or {}.
    "firstNonEmpty": """function($values) {
        $filter($values, function($v) { $v != null and $v != "" and $v != [] and $v != {} })[0]
    }""",
    # $firstName("Ada King Lovelace"): "Ada". For providers that keep one name.
    "firstName": """function($name) { $type($name) = "string" ? $split($trim($name), " ")[0] }""",
    # $lastName("Ada King Lovelace"): "King Lovelace"; nothing for a single name.
    "lastName": """function($name) {
        $type($name) = "string" and $contains($trim($name), " ") ? $substringAfter($trim($name), " ")
    }""",
    # $idList(items.id): each value once, without nulls, as one text with commas; nothing when there is none.
    "idList": """function($values) {
        ( $kept := $distinct($values[$ != null and $ != ""]);
          $exists($kept[0]) ? $join($kept.$string($), ",") )
    }""",
    # $joinNonEmpty([a, b], " "): the non-empty texts joined; nothing when there are none.
    "joinNonEmpty": """function($values, $separator) {
        ( $kept := $values[$type($) = "string" and $ != ""];
          $exists($kept) ? $join($kept, $separator) )
    }""",
}

_MENTION = re.compile(r"\$([A-Za-z_]\w*)")


def needed_prelude(source: str) -> Iterator[str]:
    """The prelude functions that a source mentions, in the prelude's order."""
    mentioned = set(_MENTION.findall(source))
    return (name for name in PRELUDE if name in mentioned)
