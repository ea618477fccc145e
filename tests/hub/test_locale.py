"""The hub in Brazilian Portuguese: whole, true to its placeholders, and compiled from what is written."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import template
from tests.hub.fake_house import FakeHouse, identity

import fairwitness_hub

HUB = Path(fairwitness_hub.__file__).parent
FOLDER = HUB / "locale" / "pt_BR" / "LC_MESSAGES"
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_IN_TEMPLATE = re.compile(r"""\s*(_|n?p?gettext)\((.*)\)\s*$""", re.DOTALL)

Key = tuple[str, str]


def _written() -> dict[Key, list[str]]:
    """The .po file: context and message to its translations, one for each plural form."""
    found: dict[Key, list[str]] = {}
    for block in (FOLDER / "django.po").read_text().split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                assert "fuzzy" not in line, block
                continue
            word, _blank, rest = line.partition(" ")
            if not line.startswith('"'):
                name, line = word, rest
            fields[name] = fields.get(name, "") + ast.literal_eval(line)
        if fields.get("msgid"):
            texts = [value for name, value in fields.items() if name.startswith("msgstr")]
            found[fields.get("msgctxt", ""), fields["msgid"]] = texts
    return found


def _calls(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                yield (texts[0], texts[1]) if "pgettext" in node.func.id else ("", texts[0])


def _asked() -> Iterator[tuple[str, Key]]:
    """Every message that a file of the hub asks to be translated."""
    for path in sorted(HUB.rglob("*.py")):
        for key in _calls(ast.parse(path.read_text())):
            yield path.name, key
    for path in sorted(HUB.rglob("*.html")):
        for line in re.findall(r"\b(?:_|n?p?gettext)\((?:[^'\"()]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", template.templatize(path.read_text())):
            source = line.rsplit(",count", 1)[0] + (")" if ",count" in line else "")
            for key in _calls(ast.parse(source)):
                yield path.name, key


def test_every_word_of_the_hub_is_translated() -> None:
    written = _written()
    asked = list(_asked())
    missing = [(where, key) for where, key in asked if not all(written.get(key, [""]))]
    assert len(asked) > 400
    assert missing == []


def test_nothing_is_translated_that_nobody_says() -> None:
    assert set(_written()) - {key for _where, key in _asked()} == set()


def test_a_translation_keeps_every_placeholder_and_no_other() -> None:
    for (_context, message), texts in _written().items():
        for text in texts:
            wanted = set(_PLACEHOLDER.findall(message))
            assert set(_PLACEHOLDER.findall(text)) <= wanted | {"count"}, message
            if len(texts) == 1:
                assert set(_PLACEHOLDER.findall(text)) == wanted, message


def test_the_compiled_catalogue_says_what_is_written() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (context, message), texts in _written().items():
        for number, text in zip((1, 2), texts, strict=False):
            if len(texts) > 1:
                said = compiled.npgettext(context, message, "", number) if context else compiled.ngettext(message, "", number)
            else:
                said = compiled.pgettext(context, message) if context else compiled.gettext(message)
            assert said == text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/today/", "Como está o sistema"),
        ("/people/", "3 pessoas"),
        (f"/people/{identity('person Ana Lima')}/", "Legítimo interesse"),
        ("/record/", "Log de custódia"),
        ("/record/refused/", "Recusado na porta"),
        ("/record/not-understood/", "2 entradas"),
        ("/search/", "retorno garantido"),
    ],
)
def test_screens_speak_portuguese_to_whom_asks_for_it(
    firm: FakeHouse, reviewer: Client, address: str, words: str
) -> None:
    page = reviewer.get(address, headers={"accept-language": "pt-BR"}).content.decode()
    assert '<html lang="pt-br"' in page
    assert words in page
