"""Exports as phones write them: any locale, both platforms, with what was really said beside.

Dates and times are those of each language's usual settings; the words are WhatsApp's own. The
conversation is the same everywhere, and holds what readers of exports stumble over.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import NamedTuple

LRM, RLM, NNBSP, NBSP = "\u200e", "\u200f", "\u202f", "\u00a0"
Moment = datetime.datetime


class Said(NamedTuple):
    """One message as it was: when, by whom, what it is, and its words."""

    at: Moment
    sender: str
    kind: str
    subtype: str
    text: str


class Locale(NamedTuple):
    """How one language's phone writes: `stamp` gives date and time, with seconds or without."""

    name: str
    platform: str
    stamp: Callable[[Moment], str]
    words: str = "en"


def _clock(at: Moment, form: str, *, seconds: bool, half: tuple[str, str] | None = None, before: bool = False) -> str:
    """A time; `form` separates hours and minutes, `half` are the words of a 12-hour clock with their space."""
    hour = at.hour if half is None else at.hour % 12 or 12
    shown = f"{hour:02d}" if half is None else str(hour)
    text = form.join((shown, f"{at.minute:02d}", *([f"{at.second:02d}"] if seconds else [])))
    if half is None:
        return text
    return half[at.hour >= 12] + text if before else text + half[at.hour >= 12]


def _arabic(text: str) -> str:
    return text.translate({ord("0") + n: 0x660 + n for n in range(10)})


def _plain(pattern: str, *, form: str = ":", half: tuple[str, str] | None = None, before: bool = False) -> Callable[[Moment, bool], str]:
    def stamp(at: Moment, seconds: bool) -> str:
        values = {
            "d": at.day, "m": at.month, "y": at.year % 100, "Y": at.year, "B": at.year + 543, "R": at.year - 2018,
            "dd": f"{at.day:02d}", "mm": f"{at.month:02d}", "yy": f"{at.year % 100:02d}",
            "t": _clock(at, form, seconds=seconds, half=half, before=before),
        }  # fmt: skip
        return pattern.format(**values)

    return stamp


_EN = (f"{NNBSP}AM", f"{NNBSP}PM")
_FORMS: dict[str, tuple[Callable[[Moment, bool], str], str]] = {
    "en-US": (_plain("{m}/{d}/{yy}, {t}", half=_EN), "en"),
    "en-US before 2023": (_plain("{m}/{d}/{yy}, {t}", half=(" AM", " PM")), "en"),
    "en-US 24h": (_plain("{m}/{d}/{yy}, {t}"), "en"),
    "en-GB": (_plain("{dd}/{mm}/{Y}, {t}"), "en"),
    "en-IN": (_plain("{dd}/{mm}/{yy}, {t}", half=(f"{NNBSP}am", f"{NNBSP}pm")), "en"),
    "en-CA": (_plain("{Y}-{mm}-{dd}, {t}", half=(f"{NNBSP}a.m.", f"{NNBSP}p.m.")), "en"),
    "pt-BR": (_plain("{dd}/{mm}/{Y} {t}"), "pt-BR"),
    "pt-BR with a comma": (_plain("{dd}/{mm}/{Y}, {t}"), "pt-BR"),
    "pt-BR short": (_plain("{dd}/{mm}/{yy} {t}"), "pt-BR"),
    "pt-BR 12h": (_plain("{dd}/{mm}/{Y} {t}", half=(f"{NNBSP}AM", f"{NNBSP}PM")), "pt-BR"),
    "pt-PT": (_plain("{dd}/{mm}/{yy}, {t}"), "pt-PT"),
    "es-ES": (_plain("{d}/{m}/{yy}, {t}"), "es"),
    "es-MX 12h": (_plain("{d}/{m}/{Y}, {t}", half=(f"{NNBSP}a.{NBSP}m.", f"{NNBSP}p.{NBSP}m.")), "es"),
    "es-CO 12h": (_plain("{d}/{m}/{yy}, {t}", half=(" a. m.", " p. m.")), "es"),
    "de": (_plain("{dd}.{mm}.{yy}, {t}"), "de"),
    "fr": (_plain("{dd}/{mm}/{Y} {t}"), "fr"),
    "fr with a word": (_plain("{dd}/{mm}/{Y} à {t}"), "fr"),
    "it": (_plain("{dd}/{mm}/{yy}, {t}"), "it"),
    "nl": (_plain("{dd}-{mm}-{Y} {t}"), "nl"),
    "ru": (_plain("{dd}.{mm}.{Y}, {t}"), "ru"),
    "sv": (_plain("{Y}-{mm}-{dd} {t}"), "en"),
    "sv kl.": (_plain("{Y}-{mm}-{dd} kl. {t}"), "en"),
    "da": (_plain("{dd}.{mm}.{Y} {t}", form="."), "en"),
    "fi": (_plain("{d}.{m}.{Y} klo {t}", form="."), "en"),
    "hu": (_plain("{Y}. {mm}. {dd}. {t}"), "en"),
    "hr": (_plain("{dd}. {mm}. {Y}. {t}"), "en"),
    "cs": (_plain("{dd}.{mm}.{yy} {t}"), "en"),
    "bg": (_plain("{d}.{mm}.{yy} г., {t} ч."), "en"),
    "el 12h": (_plain("{d}/{m}/{yy}, {t}", half=(f"{NNBSP}π.μ.", f"{NNBSP}μ.μ.")), "en"),
    "tr": (_plain("{dd}.{mm}.{Y} {t}"), "tr"),
    "id": (_plain("{dd}/{mm}/{yy} {t}", form="."), "en"),
    "vi": (_plain("{t} {dd}/{mm}/{Y}"), "en"),
    "vi with a comma": (_plain("{t}, {d}/{m}/{Y}"), "en"),
    "th": (_plain("{d}/{m}/{B} {t}"), "en"),
    "ja": (_plain("{Y}/{mm}/{dd} {t}"), "en"),
    "ja imperial": (_plain("R{R}/{mm}/{dd} {t}"), "en"),
    "ko": (_plain("{Y}. {m}. {d}. {t}", half=("오전 ", "오후 "), before=True), "en"),
    "zh-CN": (_plain("{Y}/{m}/{d} {t}"), "en"),
    "zh-CN words": (_plain("{Y}年{m}月{d}日 {t}"), "en"),
    "zh-TW": (_plain("{Y}/{m}/{d} {t}", half=("上午", "下午"), before=True), "en"),
    "ar": (lambda at, seconds: _arabic(_plain(f"{{d}}{RLM}/{{m}}{RLM}/{{Y}}، {{t}}", half=(f"{NBSP}ص", f"{NBSP}م"))(at, seconds)), "ar"),
    "he": (_plain("{d}.{m}.{Y}, {t}"), "en"),
    "hi": (_plain("{dd}/{mm}/{yy}, {t}", half=(f"{NNBSP}am", f"{NNBSP}pm")), "hi"),
}


def locales() -> Iterator[Locale]:
    """Every way of writing, on both platforms."""
    for name, (stamp, words) in _FORMS.items():
        yield Locale(name, "ios", lambda at, stamp=stamp: stamp(at, True), words)  # type: ignore[misc]
        yield Locale(name, "android", lambda at, stamp=stamp: stamp(at, False), words)  # type: ignore[misc]


WORDS = {
    "en": {"attached": "attached", "file": "file attached", "image": "image omitted", "media": "Media omitted",
           "edited": "This message was edited", "mine": "You deleted this message", "gone": "This message was deleted",
           "key": "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them."},
    "pt-BR": {"attached": "anexado", "file": "arquivo anexado", "image": "imagem ocultada", "media": "Mídia oculta",
              "edited": "Mensagem editada", "mine": "Você apagou esta mensagem", "gone": "Mensagem apagada",
              "key": "As mensagens e as ligações são protegidas com a criptografia de ponta a ponta."},
    "pt-PT": {"attached": "anexo", "file": "ficheiro anexado", "image": "imagem não revelada", "media": "Ficheiro não revelado",
              "edited": "Esta mensagem foi editada", "mine": "Apagou esta mensagem", "gone": "Esta mensagem foi apagada",
              "key": "As mensagens e as chamadas são encriptadas ponto a ponto."},
    "es": {"attached": "adjunto", "file": "archivo adjunto", "image": "imagen omitida", "media": "Multimedia omitido",
           "edited": "Se editó este mensaje.", "mine": "Eliminaste este mensaje.", "gone": "Se eliminó este mensaje.",
           "key": "Los mensajes y las llamadas están cifrados de extremo a extremo."},
    "de": {"attached": "Anhang", "file": "Datei angehängt", "image": "Bild weggelassen", "media": "Medien ausgeschlossen",
           "edited": "Diese Nachricht wurde bearbeitet.", "mine": "Du hast diese Nachricht gelöscht.", "gone": "Diese Nachricht wurde gelöscht.",
           "key": "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt."},
    "fr": {"attached": "pièce jointe", "file": "fichier joint", "image": "image absente", "media": "Médias omis",
           "edited": "Ce message a été modifié", "mine": "Vous avez supprimé ce message", "gone": "Ce message a été supprimé",
           "key": "Les messages et les appels sont chiffrés de bout en bout."},
    "it": {"attached": "allegato", "file": "file allegato", "image": "immagine omessa", "media": "Media omessi",
           "edited": "Questo messaggio è stato modificato", "mine": "Hai eliminato questo messaggio", "gone": "Questo messaggio è stato eliminato",
           "key": "I messaggi e le chiamate sono crittografati end-to-end."},
    "nl": {"attached": "bijgevoegd", "file": "bestand bijgevoegd", "image": "afbeelding weggelaten", "media": "Media weggelaten",
           "edited": "Dit bericht is bewerkt", "mine": "U hebt dit bericht verwijderd", "gone": "Dit bericht is verwijderd",
           "key": "Berichten en oproepen worden end-to-end versleuteld."},
    "ru": {"attached": "прикреплено", "file": "файл добавлен", "image": "изображение отсутствует", "media": "Без медиафайлов",
           "edited": "Данное сообщение изменено", "mine": "Вы удалили данное сообщение", "gone": "Данное сообщение удалено",
           "key": "Сообщения и звонки защищены сквозным шифрованием."},
    "tr": {"attached": "eklendi", "file": "dosya ekli", "image": "görüntü dahil edilmedi", "media": "Medya dahil edilmedi",
           "edited": "Bu mesaj düzenlendi", "mine": "Bu mesajı sildiniz", "gone": "Bu mesaj silindi", "key": "Mesajlar ve aramalar uçtan uca şifrelidir."},
    "ar": {"attached": "المُرفق", "file": "الملف مرفق", "image": "لم يتم إدراج الصورة", "media": "تم استبعاد الوسائط",
           "edited": "تم تعديل هذه الرسالة", "mine": "لقد حذَفت هذه الرسالة", "gone": "تم حذف هذه الرسالة", "key": "الرسائل والمكالمات مشفرة تمامًا بين الطرفين."},
    "hi": {"attached": "अटैच किया गया", "file": "फ़ाइल अटैच की गई", "image": "फ़ोटो हटाई गई", "media": "मीडिया के बिना",
           "edited": "यह मैसेज एडिट किया गया", "mine": "आपने यह मैसेज डिलीट किया", "gone": "यह मैसेज डिलीट कर दिया गया है",
           "key": "मैसेजेस और कॉल्स एंड-टू-एंड एन्क्रिप्टेड हैं."},
}  # fmt: skip

BODIES = (
    "bom dia",
    "two\nlines",
    "an empty line\n\nand one more\n\n",
    "  spaces before and after  ",
    "price: 10:30 - 11:00, see http://x.example/a?b=c:d",
    "e\u0301 stays apart, \ufb01 too, and \u212b",
    "joined \U0001f468\u200d\U0001f469\u200d\U0001f467 zero\u200bwidth soft\u00adhyphen",
    f"narrow{NNBSP}space and{NBSP}fixed space",
    "[not a date] a bracket",
    "<b>not a mark</b> <This is mine>",
    "\u202eturned\u202c around \u2067isolate\u2069",
    "1/2 of it, 3.4.5 and 12:30",
    "'quotes' \"double\" \\backslash \ttab",
    "mention @\u2068Ana Ribeiro\u2069 here",
    "omitted",
    "\u0627\u0644\u0633\u0644\u0627\u0645 \u0639\u0644\u064a\u0643\u0645",
    "line separator\u2028inside, next line\u0085too, form\x0cfeed and vertical\x0btab",
    "x" * 4_000,
)


def conversation(*, people: tuple[str, str] = ("Ana Ribeiro", "Paulo Teles")) -> list[Said]:
    """What was said, over days that leave no doubt about which number is the day."""
    at = Moment(2024, 3, 9, 0, 5, 7)
    said = []
    for number, body in enumerate((*BODIES, *BODIES)):
        said.append(Said(at, people[number % 2], "message", "text", body))
        at += datetime.timedelta(hours=11, minutes=7, seconds=13)
    return said


def written(locale: Locale, said: list[Said], *, chat: str = "Ana Ribeiro") -> tuple[bytes, list[Said]]:
    """The file as the phone writes it, and what a reader should make of each message in it."""
    words, ios = WORDS[locale.words], locale.platform == "ios"
    mark = RLM if locale.words == "ar" else LRM
    at, me = said[-1].at + datetime.timedelta(days=1), said[1].sender
    lines: list[tuple[Said, str, str]] = [(Said(said[0].at, chat if ios else "", "system", "notice", words["key"]), "", f"{mark if ios else ''}{words['key']}")]
    lines += [(one, "", one.text) for one in said]
    special = [
        ("message", "text", "mudei de ideia", "", f"mudei de ideia {mark}<{words['edited']}>"),
        ("unreadable", "deleted", "", "", f"{mark}{words['gone']}" if ios else words["gone"]),
        ("unreadable", "deleted", "", "", f"{mark}{words['mine']}" if ios else words["mine"]),
    ]
    if ios:
        special += [
            ("message", "image", "00000012-PHOTO-2024-03-20-10-00-00.jpg", mark, f"{mark}<{words['attached']}: 00000012-PHOTO-2024-03-20-10-00-00.jpg>"),
            ("message", "image", "", mark, f"{mark}{words['image']}"),
        ]
    else:
        special += [
            ("message", "image", "legenda da foto\nIMG-20240320-WA0001.jpg", "", f"{mark}IMG-20240320-WA0001.jpg ({words['file']})\nlegenda da foto"),
            ("message", "file", "", "", f"<{words['media']}>"),
        ]
    for kind, subtype, text, lead, body in special:
        lines.append((Said(at, me, kind, subtype, text), lead, body))
        at += datetime.timedelta(minutes=1)
    end = "\r\n" if ios else "\n"
    out = []
    for one, lead, body in lines:
        name = f"{one.sender}: " if one.sender else ""
        head = f"{lead}[{locale.stamp(one.at)}] {name}" if ios else f"{locale.stamp(one.at)} - {name}"
        out.append(head + body + end)
    truth = [one._replace(text=one.text or "") for one, _, _ in lines]
    return "".join(out).encode(), truth
