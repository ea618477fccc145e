"""Characters that stand for others: what each single character folds to.

A table, not a judgement: letters of other scripts that are drawn like Latin ones, letters
with a stroke or hook, the many dashes, quotation marks and blanks. Names in the Unicode
database give the regular families, so that only the irregular ones are listed.
"""

import re
import unicodedata

_BY_LOOKS = {
    # Cyrillic
    "а": "a", "в": "b", "г": "r", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "п": "n",
    "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ь": "b", "ѕ": "s", "і": "i", "ј": "j",
    "ћ": "h", "ѡ": "w", "ѵ": "v", "қ": "k", "ҝ": "k", "ҟ": "k", "ҡ": "k", "ң": "h", "ҥ": "h",
    "ҏ": "p", "ҫ": "c", "ҭ": "t", "ү": "y", "ұ": "y", "ҳ": "x", "һ": "h", "ҽ": "e", "ҿ": "e",
    "ӄ": "k", "ӈ": "h", "ӊ": "h", "ӏ": "l", "ӕ": "ae", "ә": "e", "ө": "o", "ӻ": "r", "ӽ": "x",
    "ӿ": "x", "ԁ": "d", "ԍ": "g", "ԛ": "q", "ԝ": "w", "ԧ": "h", "ꙇ": "i",
    # Greek; the four capitals are looked up before case is folded
    "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "u",
    "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c",
    "ϳ": "j", "ϝ": "f", "Η": "h", "Μ": "m", "Ν": "n", "Υ": "y",
    # Armenian
    "ո": "n", "ռ": "n", "ս": "u", "օ": "o", "հ": "h", "յ": "j", "զ": "q", "գ": "q", "ց": "g",
    # Cherokee and Lisu capitals
    "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꭵ": "i", "Ꭻ": "j",
    "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m", "Ꮲ": "p", "Ꭱ": "r", "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w",
    "Ꮓ": "z", "ꓮ": "a", "ꓐ": "b", "ꓚ": "c", "ꓓ": "d", "ꓰ": "e", "ꓝ": "f", "ꓖ": "g", "ꓧ": "h",
    "ꓲ": "i", "ꓙ": "j", "ꓗ": "k", "ꓡ": "l", "ꓟ": "m", "ꓠ": "n", "ꓳ": "o", "ꓑ": "p", "ꓣ": "r",
    "ꓢ": "s", "ꓔ": "t", "ꓴ": "u", "ꓦ": "v", "ꓪ": "w", "ꓫ": "x", "ꓬ": "y", "ꓜ": "z",
    # Latin letters that are not one letter with something added
    "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ŋ": "n", "ĸ": "k", "ı": "i", "ȷ": "j", "ə": "e",
    "ǝ": "e", "ɑ": "a", "ɐ": "a", "ɛ": "e", "ɩ": "i", "ɪ": "i", "ɯ": "m", "ʋ": "v", "ꞵ": "b",
    "ꭓ": "x", "ꬲ": "e", "ʘ": "o",
    # marks on a trade name, which would otherwise become letters of it
    "™": "", "℠": "",
}  # fmt: skip

_APOSTROPHES = "‘’‚‛′‵ʹʻʼʽʾʿˈˊˋ´՚׳＇`"
_QUOTES = "“”„‟″‶«»״＂〝〞"
_DASHES = "−⁃"
_BLANKS = "\u2800\u3164"
_NOTHING = "\u115f\u1160\uffa0\u17b4\u17b5"

_STROKED = re.compile(
    r"LATIN (?:SMALL|CAPITAL) LETTER (?:SCRIPT |DOTLESS |CLOSED |INSULAR )?(?P<letter>[A-Z])(?: WITH .+)?"
    r"|LATIN LETTER SMALL CAPITAL (?P<small>[A-Z])(?: WITH .+)?"
    r"|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER (?P<dark>[A-Z])"
)

# Marks that scripts share; the marks of one script's own (vowel signs, viramas) are not here.
_SHARED_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
# Letters that are nothing but themselves: ideographs, and Hangul syllables, which taken apart would be
# found in one another. To know them by their range keeps hostile text cheap.
_PLAIN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF), (0x20000, 0x2F7FF))


def single(char: str) -> str:
    """What one character folds to: nothing, one character or several."""
    if _within(ord(char), _PLAIN):
        return char
    folded = char
    for _ in range(6):
        previous, folded = folded, "".join(map(_once, folded))
        if folded == previous:
            break
    return folded


def is_shared_mark(char: str) -> bool:
    """Tell a mark that is dropped on any letter from one that belongs to a script."""
    return _within(ord(char), _SHARED_MARKS)


def _once(char: str) -> str:
    fixed = _fixed(char)
    if fixed is not None:
        return fixed
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        return parts
    cased = char.casefold().lower()  # both: what is folded must be small, and Cherokee folds to capitals
    looks = _BY_LOOKS.get(char, _BY_LOOKS.get(char.casefold()))
    if looks is not None:
        return looks
    return cased if cased != char else _plain_latin(char)


def _fixed(char: str) -> str | None:
    """Blanks, marks, quotation marks and what has no width; None for everything else."""
    code, category = ord(char), unicodedata.category(char)
    if char.isspace() or char in _BLANKS:
        return " "
    if category in ("Cc", "Cf") or char in _NOTHING or _within(code, _SELECTORS) or is_shared_mark(char):
        return ""
    if category == "Cs":
        return "\ufffd"
    if category == "Pd" or char in _DASHES:
        return "-"
    if char in _APOSTROPHES:
        return "'"
    return '"' if char in _QUOTES else None


def _plain_latin(char: str) -> str:
    if char.isascii():
        return char
    found = _STROKED.fullmatch(unicodedata.name(char, ""))
    return next(letter for letter in found.groups() if letter).lower() if found else char


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)
