"""The first page of a pack: one file that verifies and lists it, with nothing fetched and nothing trusted.

Its policy names the hash of its one script and its one style; everything else is refused by the browser.
What it verifies stands in blocks that are data: no browser runs them.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files

from fairwitness.produce.formats.pack.zipping import Packer

_SCRIPTS = ("hash", "curve", "values", "notes", "zip", "check", "parts", "view")
_ROOM = files("fairwitness.produce.formats.pack") / "page"


def chat_style() -> tuple[str, str]:
    """The style of printed conversations, and the policy that allows it and nothing else."""
    style = _read("tokens.css") + _read("chat.css")
    return style, f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"


def script() -> str:
    """The page's script: its files in a row, in one scope."""
    return "'use strict';\n(() => {\n" + "\n".join(_read(f"{name}.js") for name in _SCRIPTS) + "})();\n"


def first_page(packer: Packer, path: str, held: Sequence[str]) -> Iterator[bytes]:
    """The page that holds the files `held` of the pack being written at `path`."""
    style = _read("tokens.css") + _read("page.css") + _read("chat.css")
    code = script()
    policy = (
        f"default-src 'none'; script-src {_hash(code)}; style-src {_hash(style)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )
    yield (_read("page.html").replace("{policy}", policy).replace("{style}", style).encode())
    yield f'<script type="application/json" id="listing">{_data(packer.listing())}</script>\n'.encode()
    for name in held:
        yield f'<script type="application/json" class="file">{{"name":"{name}","deflated":"'.encode()
        yield from (b64encode(block) for block in packer.deflated(name, path))
        yield b'"}</script>\n'
    yield f"<script>{code}</script>\n</body>\n</html>\n".encode()


def _data(listing: bytes) -> str:
    """JSON that can not end the block that it stands in. The listing is ASCII, and names are ours."""
    return json.dumps(listing.decode("ascii")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


def _read(name: str) -> str:
    return (_ROOM / name).read_text("utf-8")
