"""Importing an export: which chat it is, and nothing twice."""

import io
import zipfile
from pathlib import Path

import pytest
from rich.progress import Progress

from fairwitness.archive.custody import Draft
from fairwitness.cli import run
from fairwitness.clock import system_clock
from fairwitness.compose import open_custody, open_reader, open_tail
from fairwitness.ids import random_id
from fairwitness.model.custody import MandateGranted
from fairwitness.model.entry import MESSAGES
from fairwitness.model.envelope import unpack
from fairwitness.testing.deployment import PASSPHRASE, Deployment


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """One deployment for all: every test enrols a line of its own."""
    deployment = Deployment(tmp_path_factory.mktemp("import") / "home", policies=())
    (deployment.settings.home.parent / "passphrase").write_text(PASSPHRASE)
    return deployment


class Rig:
    """A line of its own, and the command that imports for it."""

    count = 0

    def __init__(self, deployment: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
        Rig.count += 1
        self.deployment, self.capsys = deployment, capsys
        self.number = f"+55119400{Rig.count:05d}"
        self.line, _ = deployment.enrol("Paulo Teles", aliases=(f"phone:{self.number}",), past_days=9_000)
        self.code = 0

    def __call__(self, chat: Path, *more: str) -> str:
        """Import `chat`; gives all that was printed."""
        home = self.deployment.settings.home
        where = ("--home", str(home), "--passphrase-file", str(home.parent / "passphrase"))
        self.code = run(["import", str(chat), "--line", self.number, *where, *more])
        printed = self.capsys.readouterr()
        return printed.out + printed.err

    def kept(self) -> int:
        """How many messages the record holds of this line."""
        return len(self.chats())

    def chats(self) -> list[str]:
        """The stream of every message of this line, in order."""
        settings, keys = self.deployment.settings, self.deployment.keys
        tail = open_tail(settings, keys.door)
        reader = open_reader(settings, keys, tail, open_custody(settings, keys.door, tail, clock=system_clock))
        stored = reader.read(MESSAGES, 0, tail.size(MESSAGES)) if tail.size(MESSAGES) else ()
        found = [one.header.stream for one in stored if one.payload and unpack(one.payload).line == self.line]
        tail.close()
        return found


@pytest.fixture
def imports(made: Deployment, capsys: pytest.CaptureFixture[str]) -> Rig:
    return Rig(made, capsys)


def iphone(*lines: str, name: str = "", start: int = 1) -> str:
    """An iOS chat; with a name, WhatsApp's first line stands in front."""
    first = [f"[{start:02d}.03.24, 09:00:00] {name}: \u200eMessages and calls are end-to-end encrypted. No one else can read them."] if name else []
    return "\r\n".join([*first, *(f"[{start:02d}.03.24, 10:{at:02d}:00] {line}" for at, line in enumerate(lines))]) + "\r\n"


def android(*lines: str) -> str:
    return "".join(f"23/03/2024 10:{at:02d} - {line}\n" for at, line in enumerate(lines))


def written(path: Path, text: str, *, inside: str = "") -> Path:
    """`text` as a file, in a zip where `inside` names it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if inside:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inside, text)
        path.write_bytes(packed.getvalue())
    else:
        path.write_bytes(text.encode())
    return path


EQUAL = ("Paulo: Feliz Natal!", "Paulo: Bom dia")


def test_two_chats_of_the_same_file_name_never_become_one(imports: Rig, tmp_path: Path) -> None:
    ana = written(tmp_path / "a" / "_chat.txt", iphone(*EQUAL, name="Ana Lima"))
    rui = written(tmp_path / "b" / "_chat.txt", iphone(*EQUAL, name="Rui Dias"))

    assert "Chat: Ana Lima (as WhatsApp's first line in it says)." in imports(ana)
    assert "Kept 3, already there 0" in imports(rui)
    assert len(set(imports.chats())) == 2


def test_a_folder_names_the_chat_in_it(imports: Rig, tmp_path: Path) -> None:
    for who in ("Ana", "Rui"):
        chat = written(tmp_path / f"WhatsApp Chat - {who}" / "_chat.txt", iphone(*EQUAL))
        assert f"Chat: {who} (as the folder is named)." in imports(chat)
    assert imports.kept() == 4
    assert len(set(imports.chats())) == 2


def test_the_same_chat_longer_and_renamed_adds_only_what_is_new(imports: Rig, tmp_path: Path) -> None:
    lines = ("Paulo: Oi", "Ana Lima: Oi, tudo bem?", "Paulo: Tudo", "Ana Lima: Que bom", "Paulo: Tudo")
    short = iphone(*lines[:3], name="Ana Lima")
    longer = iphone(*lines, name="Ana Lima")

    assert "Kept 4, already there 0" in imports(written(tmp_path / "WhatsApp Chat - Ana Lima.zip", short, inside="_chat.txt"))
    assert "Kept 0, already there 4" in imports(written(tmp_path / "Chat (1).zip", short, inside="_chat.txt"))
    assert "Kept 2, already there 4" in imports(written(tmp_path / "WhatsApp Chat - Ana Lima (2).zip", longer, inside="_chat.txt"))
    for name in ("WhatsApp Chat - Ana Lima-2.zip", "WhatsApp Chat - Ana Lima copy.zip", "WhatsApp Chat - Ana Lima 2.zip"):
        assert "Kept 0, already there 6" in imports(written(tmp_path / name, longer, inside="_chat.txt"))
    assert "Kept 0, already there 6" in imports(written(tmp_path / "loose" / "_chat.txt", longer))
    assert len(set(imports.chats())) == 1


def test_knowing_more_about_a_chat_adds_nothing_twice(imports: Rig, tmp_path: Path) -> None:
    chat = written(tmp_path / "WhatsApp Chat with Ana.txt", android("Ana: Oi", "P.: Oi", "Ana: Tudo?", "Z.: e eu?"))

    assert "Kept 4" in imports(chat)
    assert "Kept 0, already there 4" in imports(chat, "--me", "P.")
    assert "Kept 0, already there 4" in imports(chat, "--me", "Z.", "--dates", "DMY")


def test_a_chat_that_turns_out_to_be_a_group_stays_one_conversation(imports: Rig, tmp_path: Path) -> None:
    lines = ("Ana: Oi", "Paulo: Oi", "Rui: Cheguei")
    chat = tmp_path / "WhatsApp Chat with Turma.txt"

    imports(written(chat, android(*lines[:2])))
    assert "Kept 1, already there 2" in imports(written(chat, android(*lines)))
    assert len(set(imports.chats())) == 1


def test_a_group_with_the_name_of_a_person_is_another_chat(imports: Rig, tmp_path: Path) -> None:
    person = written(tmp_path / "a" / "WhatsApp Chat with Ana.txt", android("Ana: Oi", "Paulo: Oi"))
    group = written(tmp_path / "b" / "WhatsApp Chat with Ana.txt", android("Bia: Oi", "Rui: Parabéns!", "Ana: Obrigada"))

    imports(person)
    assert "Kept 3, already there 0" in imports(group)
    assert len(set(imports.chats())) == 2


def test_the_lines_person_is_known_by_name(imports: Rig, tmp_path: Path) -> None:
    said = imports(written(tmp_path / "export.txt", android("Paulo Teles: Oi", "Ana: Oi")))

    assert "Chat: Ana (the only one who writes beside the owner)." in said
    assert "The phone's owner: Paulo Teles (the line's person has this name or number)." in said


def test_two_writers_name_a_chat_where_nothing_else_does(imports: Rig, tmp_path: Path) -> None:
    first = imports(written(tmp_path / "a.txt", android("Ana: Oi", "Bia: Oi")))
    again = imports(written(tmp_path / "b.txt", android("Ana: Oi", "Bia: Oi", "Ana: Tchau")))

    assert "Chat: Ana & Bia (the two who write in it)." in first
    assert "Kept 1, already there 2" in again


@pytest.mark.parametrize("name", ["_chat.txt", "export.txt", "1.txt"])
def test_a_chat_that_nothing_names_is_asked_about_and_not_imported(imports: Rig, tmp_path: Path, name: str) -> None:
    chat = written(tmp_path / name, android("Ana: Oi", "Bia: Oi", "Rui: Oi"))
    said = imports(chat)

    assert imports.code == 2
    assert "Ana, Bia, Rui" in said
    assert "--with" in said
    assert imports.kept() == 0
    assert "Kept 3" in imports(chat, "--with", "Turma")


def test_a_number_given_is_the_other_side(imports: Rig, tmp_path: Path) -> None:
    chat = written(tmp_path / "_chat.txt", iphone("Paulo: Oi", name="Ana"))

    assert "Chat: +55 21 97777-0001 (as given)." in imports(chat, "--with", "+55 21 97777-0001")


def test_what_was_refused_is_kept_once_a_mandate_covers_it(imports: Rig, tmp_path: Path) -> None:
    now = system_clock()
    deployment, number = imports.deployment, "+551195555" + f"{Rig.count:04d}"
    line, _ = deployment.enrol("Rita", aliases=(f"phone:{number}",), past_days=1)
    imports.number, imports.line = number, line
    chat = written(tmp_path / "WhatsApp Chat with Ana.txt", android("Ana: Oi", "Rita: Oi"))
    assert "refused 2" in imports(chat)
    wider = MandateGranted(
        mandate=random_id(), person=random_id(), line=line, basis="consent", jurisdiction="BR", notice_version="2",
        language="pt-BR", acknowledged_at=now, from_at=now, past_from=0,
    )  # fmt: skip
    deployment.house.decide_all([Draft(decision=wider, subject=line)])

    assert "Kept 2, already there 0, refused 0" in imports(chat)
    assert "Kept 0, already there 2, refused 0" in imports(chat)


def test_an_import_that_was_interrupted_goes_on_where_it_was(imports: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{'Ana' if number % 2 else 'Paulo'}: mensagem {number}" for number in range(3_200)]
    text = "".join(f"23/03/2024 {10 + at // 600:02d}:{at // 10 % 60:02d} - {line}\n" for at, line in enumerate(lines))
    chat = written(tmp_path / "WhatsApp Chat with Ana.txt", text)

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "advance", _interrupted)
        assert "run it again" in imports(chat)
    assert imports.code == 130
    assert imports.kept() == 2_000
    assert "Kept 1,200, already there 2,000" in imports(chat)


def _interrupted(self: Progress, *advanced: object) -> None:
    raise KeyboardInterrupt


def test_a_line_that_is_not_enrolled_reads_nothing(imports: Rig, tmp_path: Path) -> None:
    imports.number = "+5511911111111"
    said = imports(written(tmp_path / "WhatsApp Chat with Ana.txt", android("Ana: Oi", "Rita: Oi")))

    assert imports.code == 1
    assert "not enrolled" in said
