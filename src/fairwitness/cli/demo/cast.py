"""The people of the pilot: thirteen reps, their lines, and whom they write with. All invented.

Brazilian mobile numbers have nine digits and begin with 9; here a 0 follows, which no
subscriber has. Ids of lines and users are drawn from the seed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Audience = Literal["doctor", "pharmacy", "clinic", "english"]
Standing = Literal["agreed", "withdraws", "not agreed"]

FIRM = "Aurivita Farmacêutica"
_REGIONS: Sequence[tuple[str, str, str, str]] = (
    ("São Paulo", "11", "America/Sao_Paulo", "sp"),
    ("Rio de Janeiro", "21", "America/Sao_Paulo", "rj"),
    ("Bahia", "71", "America/Bahia", "ba"),
    ("Paraná", "41", "America/Sao_Paulo", "pr"),
    ("Pernambuco", "81", "America/Recife", "pe"),
)
_REPS: Sequence[tuple[str, str, int]] = (
    ("Camila Vasquini", "f", 0), ("Diego Montarroyo", "m", 0), ("Larissa Pontelo", "f", 0),
    ("Rafael Quirinol", "m", 1), ("Bianca Trevisane", "f", 1), ("Thiago Albuquerre", "m", 1),
    ("Juliana Camarinho", "f", 2), ("Anderson Brotas", "m", 2), ("Patrícia Solvera", "f", 3),
    ("Marcelo Fonterra", "m", 3), ("Renata Igarapé", "f", 4), ("Eduardo Lavrinha", "m", 4),
    ("Fernanda Mirassol", "f", 0),
)  # fmt: skip
WITHDRAWS = 8
NOT_AGREED = 11
_FIRST: Mapping[str, Sequence[str]] = {
    "f": ("Helena", "Beatriz", "Márcia", "Sônia", "Cláudia", "Luciana", "Tereza", "Adriana", "Vera", "Paula",
          "Denise", "Mônica", "Regina", "Carolina", "Silvia", "Elaine"),
    "m": ("Otávio", "Sérgio", "Paulo", "Ricardo", "Jorge", "Fábio", "Henrique", "Luiz", "Gustavo", "Roberto",
          "André", "Mauro", "Caio", "Nelson", "Vítor", "Álvaro"),
}  # fmt: skip
_LAST: Sequence[str] = (
    "Pradela", "Nascibem", "Quintaneiro", "Barradas Luz", "Monteverdi", "Castelani", "Figueirol", "Azevinho",
    "Serrano Vale", "Ouriques", "Tavarelo", "Pimentala", "Rochedo", "Damasco Reis", "Lobatinho", "Guimarim",
    "Falcone Sá", "Junqueirense", "Valverdinho", "Mourãozinho", "Sampaiol", "Xavierense",
)  # fmt: skip
_ENGLISH: Sequence[str] = (
    "Dr. Emily Hartnoll", "Dr. James Okwuosa", "Dr. Priya Raghunath", "Dr. Tom Brannock",
    "Dr. Anneke Visschers", "Dr. Rosalind Achebe", "Dr. Colm Tierney",
)  # fmt: skip
_STYLES: Sequence[str] = ("plain", "plain", "plain", "lower", "short", "lively")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody outside the firm. `number` is '' for those who show only a user name."""

    name: str
    audience: Audience
    gender: str
    number: str
    user_id: str
    username: str
    style: str

    @property
    def first(self) -> str:
        """What friends call them."""
        return self.name.removeprefix("Dr. ").removeprefix("Dra. ").split()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """Somebody of the firm, with one line. Ids are 32 hex digits."""

    number: int
    name: str
    gender: str
    email: str
    region: str
    zone: str
    person: str
    line: str
    mandate: str
    phone: str
    phone_number_id: str
    account: str
    standing: Standing
    style: str
    contacts: tuple[Contact, ...]

    @property
    def aliases(self) -> tuple[str, ...]:
        """What names this line at the door."""
        return (f"pnid:{self.phone_number_id}", f"phone:+{self.phone}")


def cast_of(rng: random.Random) -> tuple[Rep, ...]:
    """The reps, each with seven to eleven contacts."""
    accounts = {region[3]: _digits(rng, 15) for region in _REGIONS}
    numbers = iter(rng.sample(range(10_000), 10_000))
    return tuple(_rep(rng, number, accounts, numbers) for number in range(len(_REPS)))


def _rep(rng: random.Random, number: int, accounts: Mapping[str, str], numbers: Iterator[int]) -> Rep:
    name, gender, place = _REPS[number]
    region, area, zone, key = _REGIONS[place]
    first, last = name.split()
    standing: Standing = "agreed"
    if number == WITHDRAWS:
        standing = "withdraws"
    if number == NOT_AGREED:
        standing = "not agreed"
    return Rep(
        number=number, name=name, gender=gender, region=region, zone=zone, standing=standing,
        email=f"{_ascii(first)}.{_ascii(last)}@aurivita.example",
        person=f"{rng.getrandbits(128):032x}", line=f"{rng.getrandbits(128):032x}",
        mandate=f"{rng.getrandbits(128):032x}",
        phone=_phone(area, next(numbers)), phone_number_id=_digits(rng, 15), account=accounts[key],
        style=rng.choice(("plain", "plain", "lively")),
        contacts=tuple(_contacts(rng, area, number, numbers)),
    )  # fmt: skip


def _contacts(rng: random.Random, area: str, number: int, numbers: Iterator[int]) -> Iterator[Contact]:
    audiences: list[Audience] = ["doctor"] * rng.randint(4, 6)
    audiences += ["pharmacy"] * rng.randint(1, 3)
    audiences += ["clinic"] * rng.randint(1, 2)
    for audience in audiences:
        yield _contact(rng, audience, _phone(area, next(numbers)))
    if number % 2 == 0:
        yield _contact(
            rng, "english", _phone(area, next(numbers)), name=_ENGLISH[number // 2 % len(_ENGLISH)]
        )


def _contact(rng: random.Random, audience: Audience, phone: str, *, name: str = "") -> Contact:
    gender = "f" if rng.random() < (0.75 if audience == "clinic" else 0.5) else "m"
    full = name or f"{rng.choice(_FIRST[gender])} {rng.choice(_LAST)}"
    if audience == "doctor":
        full = f"{'Dra.' if gender == 'f' else 'Dr.'} {full}"
    hidden = audience == "doctor" and rng.random() < 0.06
    handle = _ascii(full.split()[1] if audience in ("doctor", "english") else full.split()[0])
    return Contact(
        name=full, audience=audience, gender=gender, number="" if hidden else phone,
        user_id=f"BR.{_digits(rng, 19)}", username=f"{handle}.{rng.randint(10, 99)}" if hidden else "",
        style="plain" if audience == "english" else rng.choice(_STYLES),
    )  # fmt: skip


def _phone(area: str, number: int) -> str:
    """A number that nobody has: `55 <area> 90000 xxxx`."""
    return f"55{area}90000{number:04d}"


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randint(10 ** (count - 1), 10**count - 1))


def _ascii(name: str) -> str:
    plain = str.maketrans("áàâãéêíóôõúç", "aaaaeeiooouc")
    return "".join(c for c in name.lower().translate(plain) if c.isascii() and c.isalnum())
