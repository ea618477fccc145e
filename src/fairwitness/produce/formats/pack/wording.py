"""Dates and the few words of a printed conversation, in English and Portuguese."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": (
        "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo",
    ),
}  # fmt: skip
_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    "pt": (
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
        "novembro", "dezembro",
    ),
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "conversation": "Conversation", "line": "Line", "part": "Part {part} of {parts}",
        "next": "Next part", "before": "Previous part", "times": "Times are those of {zone}.",
        "forwarded": "Forwarded", "reply": "Reply to", "earlier": "Earlier text", "us": "Line",
        "deleted": "Deleted for everyone by {who}, {when}. What it said:",
        "never": "A message that never came, though entry {entry} speaks of it",
        "unreadable": "Its content was not delivered ({why})", "file": "File, not held",
        "entry": "entry {entry}", "no_words": "No words", "flag": "Alert: {policy}",
        "bare": "Kept, and not told here, as not understood or because the key was destroyed: entries "
        "{entries}. They are among the entries of the pack.",
        "none": "No message of this conversation can be told.", "took_back": "took the reaction back",
    },
    "pt": {
        "conversation": "Conversa", "line": "Linha", "part": "Parte {part} de {parts}",
        "next": "Próxima parte", "before": "Parte anterior", "times": "Horários de {zone}.",
        "forwarded": "Encaminhada", "reply": "Em resposta a", "earlier": "Texto anterior", "us": "Linha",
        "deleted": "Apagada para todos por {who}, {when}. Dizia:",
        "never": "Uma mensagem que nunca chegou, embora a entrada {entry} fale dela",
        "unreadable": "O conteúdo não foi entregue ({why})", "file": "Arquivo, não guardado",
        "entry": "entrada {entry}", "no_words": "Sem palavras", "flag": "Alerta: {policy}",
        "bare": "Guardadas e não contadas aqui, por não terem sido entendidas ou por a chave ter sido "
        "destruída: entradas {entries}. Estão entre as entradas do pacote.",
        "none": "Nenhuma mensagem desta conversa pode ser contada.", "took_back": "retirou a reação",
    },
}  # fmt: skip


def local(at: int, zone: ZoneInfo) -> datetime:
    """The time `at` (ms) in a zone; times beyond a calendar are its end."""
    return datetime.fromtimestamp(min(max(at, 0), _LAST) / 1000, tz=UTC).astimezone(zone)


def day_label(day: datetime, language: str) -> str:
    """A day that nobody can misread: weekday, day, month and year in words."""
    weekday, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    if language == "pt":
        return f"{weekday}, {day.day} de {month} de {day.year}"
    return f"{weekday}, {day.day} {month} {day.year}"


def zone_of(name: str) -> ZoneInfo:
    """The zone called `name`, or UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


_LAST = 253_370_000_000_000
