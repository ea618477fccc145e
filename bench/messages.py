"""Synthetic chat of the size that chat has: some 60 bytes a message, one in fifty with a planted term."""

import json
import random
from collections.abc import Iterator, Sequence

_SYLLABLES = (
    "ba", "be", "bi", "bo", "ca", "co", "cu", "da", "de", "do", "fa", "fe", "ga", "go",
    "la", "le", "li", "lo", "ma", "me", "mi", "na", "ne", "no", "pa", "pe", "ra", "re",
    "ri", "ro", "sa", "se", "so", "ta", "te", "to", "va", "ve", "vi",
)  # fmt: skip


def vocabulary(size: int, chance: random.Random) -> list[str]:
    """Made-up words of two to four syllables."""
    return ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(size)]


def texts(count: int, *, planted: Sequence[str], seed: int = 1, every: int = 50) -> list[str]:
    """`count` texts, one in `every` with one of the `planted` terms."""
    chance = random.Random(seed)
    words = vocabulary(4_000, chance)
    made = []
    for number in range(count):
        text = chance.choices(words, k=chance.randint(4, 16))
        if number % every == 0:
            text.insert(len(text) // 2, chance.choice(planted))
        made.append(" ".join(text))
    return made


def deliveries(made: Sequence[str], *, per_post: int, first: int, at: int, number_id: str) -> Iterator[bytes]:
    """Cloud API deliveries of `per_post` messages each, from fifty contacts."""
    for start in range(0, len(made), per_post):
        messages = [
            {
                "from": f"551190000{(start + place) % 50:04d}", "id": f"wamid.bench{first + start + place}",
                "timestamp": str(at // 1000), "type": "text", "text": {"body": text},
            }
            for place, text in enumerate(made[start : start + per_post])
        ]  # fmt: skip
        contacts = [
            {"profile": {"name": f"Contato {wa_id[-4:]}"}, "wa_id": wa_id}
            for wa_id in sorted({message["from"] for message in messages})  # type: ignore[type-var]
        ]
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "5511940000001", "phone_number_id": number_id},
            "contacts": contacts, "messages": messages,
        }  # fmt: skip
        entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
        # Without blanks, as Meta writes it.
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        yield json.dumps(body, separators=(",", ":")).encode()
