"""`fairwitness enrol`, `withdraw` and `role`: people and what they may do, from the command line."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
import typer
from rich.console import Console

from fairwitness.archive.custody import Draft, subject_of
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.clock import DAY_MS
from fairwitness.compose import House
from fairwitness.errors import Forbidden
from fairwitness.model.custody import (
    Basis,
    LineAdded,
    LineAssigned,
    MandateGranted,
    MandateWithdrawn,
    PersonEnrolled,
    Role,
    RoleGranted,
)


def enrol(
    name: Annotated[str, typer.Option(help="The person's name.")],
    phone: Annotated[str, typer.Option(help="The line's number, such as +5511940000001.")],
    notice_version: Annotated[str, typer.Option(help="The version of the notice that was given.")],
    jurisdiction: Annotated[str, typer.Option(help="Country code of the law that applies, such as BR.")],
    basis: Annotated[Basis, typer.Option(help="The lawful basis. Acknowledging a notice is not consent.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    phone_number_id: Annotated[str, typer.Option(help="The Cloud API's id of the number.")] = "",
    waha_session: Annotated[str, typer.Option(help="The WAHA session that is linked to the number.")] = "",
    language: Annotated[str, typer.Option(help="Language of the notice.")] = "en",
    zone: Annotated[str, typer.Option(help="The person's time zone.")] = "UTC",
    email: Annotated[str, typer.Option()] = "",
    department: Annotated[str, typer.Option()] = "",
    region: Annotated[str, typer.Option()] = "",
    past_days: Annotated[
        int, typer.Option(min=0, help="How many days back messages may have been sent, as agreed.")
    ] = 0,
) -> None:
    """Enrol a person and a line, and record the mandate that the person acknowledged."""
    house = unlocked(home.absolute(), passphrase_file)
    _check_zone(zone)
    aliases = [f"phone:{e164(phone)}"]
    aliases += [f"pnid:{phone_number_id}"] if phone_number_id else []
    aliases += [f"waha:{waha_session}"] if waha_session else []
    _check_free(house, aliases)
    person, line, mandate, now = house.new_id(), house.new_id(), house.new_id(), house.clock()
    by = acting()
    decisions = (
        (PersonEnrolled(
            person=person, name=name, department=department, region=region, language=language,
            email=email, by=by,
        ), person),
        (LineAdded(line=line, name=name, aliases=tuple(aliases), zone=zone, by=by), line),
        (LineAssigned(person=person, line=line, from_at=now, by=by), line),
        (MandateGranted(
            mandate=mandate, person=person, line=line, basis=basis, jurisdiction=jurisdiction,
            notice_version=notice_version, language=language, acknowledged_at=now, from_at=now,
            past_from=now - past_days * DAY_MS, by=by,
        ), line),
    )  # fmt: skip
    house.decide_all([Draft(decision=decision, subject=subject) for decision, subject in decisions])
    Console().print(f"{name} is enrolled. Mandate {mandate} is in force from now on.", markup=False)


def withdraw(
    mandate: Annotated[str, typer.Argument(help="The mandate's id.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    reason: Annotated[str, typer.Option()] = "",
) -> None:
    """Withdraw a mandate: nothing more of the line is kept from the next item on."""
    house = unlocked(home.absolute(), passphrase_file)
    for line, mandates in house.custody().mandates.items():
        for held in mandates:
            if held.granted.mandate == mandate and held.withdrawn_at is None:
                decision = MandateWithdrawn(
                    mandate=mandate, person=held.granted.person, line=line, reason=reason, by=acting()
                )
                house.decide(decision, subject=line)
                Console().print("Withdrawn. The next item of this line is refused.")
                return
    raise Forbidden("no mandate in force has this id", mandate=mandate)


def role(
    account: Annotated[str, typer.Argument(help="The e-mail address that signs in.")],
    granted: Annotated[Role, typer.Argument(help="reviewer or administrator", metavar="ROLE")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Give an account a role in the hub."""
    house = unlocked(home.absolute(), passphrase_file)
    house.decide(RoleGranted(account=account, role=granted, by=acting()), subject=subject_of(account))
    Console().print(f"{account} is now {granted}.", markup=False)


def people(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """List people, lines and mandates."""
    state = unlocked(home.absolute(), passphrase_file).custody()
    console = Console(soft_wrap=True)
    for line, added in state.lines.items():
        person = state.person_of(line)
        who = person.name if person else "nobody"
        console.print(f"{who}: {', '.join(added.aliases)}", markup=False, highlight=False)
        for held in state.mandates.get(line, ()):
            until = f"withdrawn {_day(held.withdrawn_at)}" if held.withdrawn_at else "in force"
            console.print(
                f"  mandate {held.granted.mandate}, {held.granted.basis}, {until}",
                markup=False,
                highlight=False,
            )


def e164(phone: str) -> str:
    """A phone number as `+` and digits, or a plain refusal."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException as error:
        raise typer.BadParameter(f"{phone} is not a number with its country code") from error
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise typer.BadParameter(f"{zone} is not a time zone such as America/Sao_Paulo") from error


def _check_free(house: House, aliases: list[str]) -> None:
    state = house.custody()
    for alias in aliases:
        if (line := state.aliases.get(alias)) is not None:
            person = state.person_of(line)
            raise Forbidden(
                f"{alias} is already a line of {person.name if person else 'somebody'}", line=line
            )


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).date().isoformat()
