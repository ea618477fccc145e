"""SQL is source: it stands in `.sql` files beside the code that runs it.

`schema.sql` makes a database; `queries.sql` holds one statement under each line
`-- name: …`. A name that is given twice, or holds nothing, is a fault of the file.
"""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_MARK = "-- name:"


def load_queries(package: str | None, file: str = "queries.sql") -> Mapping[str, str]:
    """The named statements of `file` in `package`."""
    found: dict[str, str] = {}
    for block in _read(package, file).split(_MARK)[1:]:
        name, _, statement = block.partition("\n")
        if name.strip() in found or not statement.strip():
            raise ValueError(f"{package}/{file}: statement {name.strip()!r} is empty, or given twice")
        found[name.strip()] = statement.strip()
    return MappingProxyType(found)


def load_schema(package: str | None, file: str = "schema.sql") -> str:
    """The statements that make a database, as one script."""
    return _read(package, file)


def _read(package: str | None, file: str) -> str:
    assert package is not None
    return files(package).joinpath(file).read_text("utf-8")
