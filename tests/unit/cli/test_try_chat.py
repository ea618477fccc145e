"""`fairwitness try` reads a person's own chat, says what it sees and keeps nothing."""

import io
import os
import socket
import zipfile
from pathlib import Path

import pytest

from fairwitness.cli import run
from fairwitness.cli.packs import shipped_judge
from fairwitness.cli.reading_chats import read_chat
from fairwitness.errors import Misconfigured

ANDROID = """\
12/10/2026 09:02 - As mensagens e as ligações são protegidas com a criptografia de ponta a ponta.
12/10/2026 09:02 - Camila: Bom dia, doutora
13/10/2026 09:05 - Dra. Helena: A paciente teve reação alérgica com o remédio
13/10/2026 09:06 - Camila: me chama no zap pessoal
13/10/2026 09:07 - Camila: IMG-20261013-WA0001.jpg (arquivo anexado)
olha a caixa nova
14/10/2026 10:00 - Camila: Mensagem apagada
"""
CALM = """\
[10/14/26, 9:02:11 AM] Ana: Good morning
[10/14/26, 9:03:00 AM] Ben: See you at ten
[10/15/26, 9:03:00 AM] Ana: Bring an umbrella
"""


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "Conversa do WhatsApp com Dra. Helena.txt"
    path.write_text(ANDROID, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")


def test_it_says_what_was_read_what_is_flagged_and_why(chat, capsys):
    assert run(["try", str(chat)]) == 0
    out = capsys.readouterr().out

    assert "Android, 2026-10-12 to 2026-10-14" in out
    assert "day first (certain" in out
    assert "2 people: Camila, Dra. Helena." in out
    assert "4 messages, 1 notice, 1 deleted or empty" in out
    assert "critical  May report an adverse event" in out
    assert "paciente »teve reação alérgica« com o remédio" in out
    assert "Because it says “reação alérgica" in out
    assert "2026-10-13 09:06  Camila" in out
    assert "»chama no zap pessoal«" in out
    assert "Not looked into: 1 picture." in out
    assert "Nothing was stored" in out


def test_nothing_is_written_and_nothing_is_connected_to(chat, tmp_path, capsys, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(os.walk(tmp_path))

    assert run(["try", str(chat)]) == 0
    assert sorted(os.walk(tmp_path)) == before


def test_a_zip_is_read_and_its_other_files_stay_shut(tmp_path, capsys):
    path = tmp_path / "WhatsApp Chat - Ben.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("_chat.txt", CALM)
        made.writestr("00000003-PHOTO-2026-10-14-09-02-11.jpg", b"\xff\xd8 not a picture")

    assert run(["try", str(path)]) == 0
    assert "Export from iOS, 2026-10-14 to 2026-10-15" in capsys.readouterr().out


def test_a_calm_chat_gets_a_friendly_word(tmp_path, capsys):
    path = tmp_path / "chat.txt"
    path.write_text(CALM, "utf-8")

    assert run(["try", str(path)]) == 0
    out = capsys.readouterr().out
    assert "Nothing was flagged." in out
    assert "month first" in out


def test_the_sample_needs_nothing(capsys):
    assert run(["try", "--sample"]) == 0
    out = capsys.readouterr().out

    assert "pharma.adverse-event" in out
    assert "pharma.off-label" in out
    assert "finance.off-channel" in out


def test_a_language_narrows_the_policies():
    assert shipped_judge("pt").judge("reação alérgica", direction="in")
    assert shipped_judge("pt-BR").judge("reação alérgica", direction="in")
    with pytest.raises(Misconfigured) as refused:
        shipped_judge("xx")
    assert "pt-BR" in refused.value.diagnosis()


def test_only_the_first_few_are_shown_until_all_are_asked_for(tmp_path, capsys):
    path = tmp_path / "chat.txt"
    path.write_text(
        "".join(f"[14/10/2026, 09:{n:02}:00] Ana: me chama no zap pessoal, {n} vezes\n" for n in range(9)), "utf-8"
    )

    assert run(["try", str(path)]) == 0
    short = capsys.readouterr().out
    assert run(["try", str(path), "--all"]) == 0
    whole = capsys.readouterr().out

    assert short.count("»chama no zap pessoal«") == 5
    assert "… 4 more, --all shows them" in short
    assert whole.count("»chama no zap pessoal«") == 9


@pytest.mark.parametrize(
    "evil", ["\x1b[2J\x1b[31m", "\x1b]0;owned\x07", "\u202e", "\u2066", "\x9b2J", "\x07", "\r\x08"]
)
def test_control_characters_never_reach_the_terminal(tmp_path, capsys, evil):
    path = tmp_path / "chat.txt"
    path.write_bytes(f"[14/10/2026, 09:00:00] A{evil}na: me chama {evil} no zap pessoal {evil}\n".encode())

    assert run(["try", str(path)]) == 0
    out = capsys.readouterr().out
    assert "zap pessoal" in out
    assert not set(out) & set("\x1b\x9b\x07\r\x08\u202e\u2066")


def test_square_brackets_in_a_message_are_not_markup(tmp_path, capsys):
    path = tmp_path / "chat.txt"
    path.write_text("[14/10/2026, 09:00:00] [red]Ana[/red]: [bold]chama no zap pessoal[/nothing]\n", "utf-8")

    assert run(["try", str(path)]) == 0
    assert "[bold]»chama no zap pessoal«[/nothing]" in capsys.readouterr().out


WRONG = {
    "no export": b"# notes\nbuy milk\n",
    "empty": b"",
    "picture": b"\xff\xd8\xff\xe0" + bytes(200),
    "broken zip": b"PK\x03\x04" + b"x" * 60,
    "zeros": bytes(5000),
    "json": b'{"messages": []}',
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_gets_one_clear_sentence(tmp_path, capsys, kind):
    path = tmp_path / "thing.bin"
    path.write_bytes(WRONG[kind])

    assert run(["try", str(path)]) == 1
    captured = capsys.readouterr()
    assert "thing.bin cannot be read" in captured.err
    assert "Traceback" not in captured.err + captured.out


def test_a_zip_without_a_chat_is_named(tmp_path, capsys):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.jpg", b"x")

    assert run(["try", str(path)]) == 1
    assert "it is not a chat export" in capsys.readouterr().err


def test_a_folder_and_a_missing_file_are_said_plainly(tmp_path, capsys):
    assert run(["try", str(tmp_path)]) == 1
    assert "this is a folder" in capsys.readouterr().err
    assert run(["try", str(tmp_path / "gone.zip")]) == 1
    assert "gone.zip: No such file" in capsys.readouterr().err


def test_neither_a_file_nor_the_sample_is_a_usage_error(capsys):
    assert run(["try"]) == 2
    assert "--sample" in capsys.readouterr().err


def test_a_name_in_the_chat_tells_sent_from_received():
    text = ANDROID.encode()
    reading = read_chat("x.txt", text, judge=shipped_judge(), owner="Camila")

    assert reading.export.owner == "Camila"
    assert [one.message.sender for one in reading.flagged] == ["Dra. Helena", "Camila"]


def test_output_fits_eighty_columns(chat, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    assert run(["try", str(chat)]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 80


def test_a_reader_that_goes_away_ends_it_quietly(monkeypatch, chat):
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            return os.open(os.devnull, os.O_WRONLY)

    monkeypatch.setattr("sys.stdout", Gone())
    assert run(["try", str(chat)]) in (0, 1)
