"""The locked bundle: what is in the file, which passphrase it has, and how the command asks."""

import base64
import getpass
import hashlib
import io
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLE, story
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from passphrases import PHRASE, descriptor
from xkcdpass import xkcd_password

from starbook import bootstrap, cli
from starbook.build import pipeline
from starbook.commands import terminal
from starbook.exporter import passphrase, sealing

LARGE = pytest.param(SAMPLE, marks=pytest.mark.slow)
HANDBOOKS = pytest.mark.parametrize("folder", [LARGE, ROOT / "tests/handbook"])
ROUNDS = sealing.ROUNDS
OPTIONS = ("bundle", "--content", "content", "--out", "book.html")
BEGIN = "<!doctype html>\n<!-- Starbook bundle: locked -->\n"
NEEDED = (
    "Nothing was written: encryption needs packages that are not installed: cryptography, which "
    "encrypts; xkcdpass, which has a list of words; and zxcvbn, which judges a passphrase of your "
    "own.\nInstall them\n\n    "
)
FOUND, FOR_EVER = "it would be found in about", ", and a file can be tried for ever"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Callable[..., Path]) -> Path:
    """The folder where the person stands, with a handbook beside them."""
    monkeypatch.chdir(tmp_path)
    content({"handbook.yml": "title: The mill\n", "stories/bell.md": story("The bell")})
    return tmp_path


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys in a thousandth of the time; one test has the true number of rounds."""
    monkeypatch.setattr(sealing, "ROUNDS", ROUNDS // 1000)


def lock(*options: str, phrase: str = PHRASE) -> str:
    """Write a locked file, which must succeed, and return its text."""
    assert cli.main([*OPTIONS, *options, "--encrypt", "--passphrase-fd", descriptor(phrase)]) == 0
    return Path("book.html").read_text("utf-8")


def sealed(document: str) -> list[str]:
    """Return the line of a locked file in its parts."""
    found = re.search(r'<script type="text/plain" id="sealed">(.*)</script>', document)
    assert found
    return found[1].split(" ")


def opened(line: Iterable[str], phrase: str = PHRASE) -> str:
    """Return the text of a line, as the page decrypts it."""
    version, rounds, salt, nonce, data, _ = line
    key = hashlib.pbkdf2_hmac("sha256", phrase.encode(), base64.b64decode(salt), int(rounds))
    head = f"{version} {rounds} {salt} {nonce}".encode()
    packed = AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(data), head)
    size = int.from_bytes(packed[:4], "big")
    assert set(packed[4 + size :]) <= {0}
    return zlib.decompress(packed[4 : 4 + size]).decode()


# The file


@pytest.mark.slow
def test_it_has_the_bundle_encrypted_with_the_passphrase(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(sealing, "ROUNDS", ROUNDS)
    document = lock()
    assert document.startswith(BEGIN)
    line = sealed(document)
    assert line[:2] == ["1", "600000"]
    assert [len(base64.b64decode(part)) for part in line[2:4]] == [16, 12]
    assert (
        line[5] == base64.b64encode(hashlib.sha256(" ".join(line[:5]).encode()).digest()).decode()
    )
    inside = opened(line)
    assert inside.startswith("<!doctype html>\n<!-- Starbook bundle: private -->\n")
    assert 'id="stories/bell/_top"' in inside
    assert capsys.readouterr().out == (
        f"Content: content\nWrote 1 story to book.html, {len(document) / 1000:,.0f} kB.\n"
        "It is encrypted: whoever has the file needs its passphrase, and can guess for ever.\n"
    )
    assert stat.S_IMODE(Path("book.html").stat().st_mode) == 0o600


@pytest.mark.slow
def test_salt_and_nonce_are_new_each_time() -> None:
    first, second = sealed(lock()), sealed(lock())
    assert first[:2] == second[:2]
    assert not set(first[2:]) & set(second[2:])
    assert opened(first) == opened(second)


def test_what_stands_before_the_data_is_authenticated() -> None:
    line = sealed(lock())
    with pytest.raises(InvalidTag):
        opened(["2", *line[1:]])
    with pytest.raises(InvalidTag):
        opened(line, PHRASE + "s")


@pytest.mark.slow
@HANDBOOKS
def test_no_words_of_the_handbook_are_in_the_file(folder: Path) -> None:
    words = _words(lock("--content", str(folder)))
    ours, known = f" {' '.join(words)} ", set(words)
    private = {*_titles(folder), *_grams(folder)}
    assert len(private) > 500
    likely = [text for text in private if known.issuperset(_words(text))]  # the others are not in
    assert [text for text in likely if f" {' '.join(_words(text))} " in ours] == []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _titles(folder: Path) -> list[str]:
    book, _ = pipeline.load(folder)
    named = [book.settings.title, *(one.name for one in (*book.categories, *book.principles))]
    named += [text for one in book.stories for text in (one.title, one.id, one.company)]
    named += [text for one in book.questions for text in (one.question, one.id)]
    named += [text for one in book.interviews for text in (one.title, one.company)]
    named += [one.title for one in book.guides]
    return [text for text in named if len(text) > 4]


def _grams(folder: Path) -> Iterator[str]:
    """Yield each four words that follow one another in a private text."""
    book, _ = pipeline.load(folder)
    texts = [prose.text for _, prose in book.proses()] + _titles(folder)
    for text in texts:
        words = _words(text)
        yield from (" ".join(words[at : at + 4]) for at in range(len(words) - 3))


@pytest.mark.slow
def test_but_for_its_line_and_size_it_is_the_same_for_every_handbook() -> None:
    shells = set()
    for folder in (Path("content"), SAMPLE, ROOT / "tests/handbook"):
        document = lock("--content", str(folder))
        shells.add(document.replace(" ".join(sealed(document)), ""))
    assert len(shells) == 1


@pytest.mark.slow
def test_sizes_are_padded_so_that_a_story_more_does_not_show(content: Callable[..., Path]) -> None:
    before = len(lock())
    content({"stories/gate.md": story("The gate", body="\n## More\n\nIt was a long night.\n")})
    assert len(lock()) == before


def test_a_part_is_locked_like_the_whole(content: Callable[..., Path]) -> None:
    content({"stories/gate.md": story("The gate", "id: gate")})
    inside = opened(sealed(lock("--stories", "gate")))
    assert "The gate" in inside
    assert "The bell" not in inside


def test_its_title_says_nothing_even_when_it_is_open() -> None:
    for document in (text := lock(), opened(sealed(text))):
        assert re.findall("<title>(.*)</title>", document) == ["Locked file"]
        assert 'name="robots" content="noindex, nofollow' in document


@pytest.mark.slow
def test_it_asks_in_the_language_of_the_handbook(content: Callable[..., Path]) -> None:
    content({"handbook.yml": "title: Mühle\nlanguage: de\n"})
    document = lock()
    assert '<html lang="de">' in document
    assert "<h1>Verschlüsselte Datei</h1>" in document
    assert "Mühle" not in document


@pytest.mark.slow
def test_a_locked_file_and_a_plain_one_replace_each_other_and_nothing_else(capsys: Any) -> None:
    for _ in range(2):
        lock()
        assert cli.main([*OPTIONS]) == 0
        assert "locked" not in Path("book.html").read_text("utf-8")[:60]
    Path("book.html").write_text(BEGIN[:40], "utf-8")
    capsys.readouterr()
    assert cli.main([*OPTIONS, "--encrypt", "--passphrase-fd", descriptor()]) == 1
    assert capsys.readouterr().err == (
        "Nothing was written: book.html is there already, and is no bundle; name another file.\n"
    )
    assert sorted(one.name for one in Path.cwd().iterdir()) == ["book.html", "content"]


# The passphrase


def test_a_new_one_is_six_random_words_shown_once_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main([*OPTIONS, "--encrypt"]) == 0
    shown = re.fullmatch(
        r"\n    ((?:[a-z-]+ ){5}[a-z-]+)\n\nThis is the passphrase\. It is shown this once; write "
        r"it down: without it nobody can read the file\.\n\n",
        screen.getvalue(),
    )
    assert shown
    document = Path("book.html").read_text("utf-8")
    assert "The bell" in opened(sealed(document), shown[1])
    assert shown[1] not in document + capsys.readouterr().out


@pytest.mark.slow
def test_its_words_come_from_a_list_of_7776() -> None:
    words = set(xkcd_password.generate_wordlist("eff-long", min_length=1, max_length=99))
    assert len(words) == 7776
    made = [passphrase.make().split(" ") for _ in range(200)]
    assert {len(one) for one in made} == {6}
    used = {word for one in made for word in one}
    assert used <= words
    assert len(used) > 1000


def test_without_a_terminal_none_is_made_as_a_log_would_keep_it(capsys: Any) -> None:
    assert cli.main([*OPTIONS, "--encrypt"]) == 1
    assert capsys.readouterr().err == (
        "Nothing was written: there is no terminal to show a new passphrase on; give one with "
        "--passphrase-fd N.\n"
    )
    assert not Path("book.html").exists()


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("\n", "it is empty"),
        ("hunter2", f"{FOUND} 10^4 tries (this is a very common password){FOR_EVER}"),
        ("Thursday 2026", f"{FOUND} 10^9 tries{FOR_EVER}"),
        ("qwertyuiop", f"{FOUND} 10^2 tries (this is a top-100 common password){FOR_EVER}"),
        (PHRASE + "\t", "it has a character that cannot be typed, such as a tab"),
    ],
)
def test_a_weak_one_is_refused_with_the_reason(phrase: str, reason: str, capsys: Any) -> None:
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor(phrase)]) == 1
    assert capsys.readouterr().err == (
        f"Nothing was written: this passphrase will not do: {reason}; take six words that have "
        "nothing to do with each other, or leave the choice to this command.\n"
    )
    assert not Path("book.html").exists()


@pytest.mark.parametrize("given", [PHRASE + "\nmore\n", PHRASE + "\r\n", f"  {PHRASE} "])
def test_it_is_the_first_line_of_a_file_descriptor_whatever_the_spaces(given: str) -> None:
    assert "The bell" in opened(sealed(lock(phrase=given.replace(" ", "  "))))


def test_two_ways_to_write_a_letter_are_one_passphrase() -> None:
    assert passphrase.normalized("Mu\u0308hle\u00a0 am  Fluß") == "Mühle am Fluß"


def test_a_given_passphrase_alone_encrypts_the_file() -> None:
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 0
    assert Path("book.html").read_text("utf-8").startswith(BEGIN)


@pytest.mark.slow
def test_a_long_one_counts_to_its_last_letter() -> None:
    phrase = f"{PHRASE} ".ljust(4096, "x")
    assert "The bell" in opened(sealed(lock(phrase=phrase)), phrase)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (lambda: "987", "file descriptor 987 cannot be read (Bad file descriptor)"),
        (lambda: descriptor(b"\xff\n"), "the passphrase in file descriptor {} is not UTF-8"),
        (
            lambda: descriptor(b"ab c" * 1024 + b"d"),
            "the passphrase in file descriptor {} is longer than 4096 bytes",
        ),
        (
            lambda: descriptor("ü€" * 6000),
            "the passphrase in file descriptor {} is longer than 4096 bytes",
        ),
        (lambda: str(1 << 40), "file descriptor {} cannot be read (there is none)"),
    ],
)
def test_a_descriptor_without_a_passphrase_is_named(
    given: Callable[[], str], message: str, capsys: Any
) -> None:
    number = given()
    assert cli.main([*OPTIONS, "--passphrase-fd", number]) == 1
    assert capsys.readouterr().err == f"Nothing was written: {message.format(number)}.\n"


def test_it_is_no_argument(capsys: Any) -> None:
    for option in ("--passphrase", "--encrypt"):
        with pytest.raises(SystemExit) as stopped:
            cli.main([*OPTIONS, option, PHRASE])
        assert stopped.value.code == 2
    assert not Path("book.html").exists()


# Questions on the terminal


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Have these answers given on a terminal; return the questions."""
    monkeypatch.setattr(terminal, "has_terminal", lambda: True)

    def give(*answers: str) -> list[str]:
        asked: list[str] = []
        ahead = iter(answers)
        for place, name in ((getpass, "getpass"), (__import__("builtins"), "input")):
            monkeypatch.setattr(place, name, lambda text: (asked.append(text), next(ahead))[1])
        return asked

    return give


def test_one_of_your_own_is_asked_for_twice(on_terminal: Any, capsys: Any) -> None:
    asked = on_terminal(PHRASE, PHRASE)
    assert cli.main([*OPTIONS, "--passphrase-prompt"]) == 0
    assert asked == ["Passphrase: ", "The same again: "]
    assert "The bell" in opened(sealed(Path("book.html").read_text("utf-8")))
    assert PHRASE not in "".join(capsys.readouterr())


def test_a_slip_of_the_second_time_writes_nothing(on_terminal: Any, capsys: Any) -> None:
    on_terminal(PHRASE, PHRASE.title())
    assert cli.main([*OPTIONS, "--passphrase-prompt"]) == 1
    assert capsys.readouterr().err == "Nothing was written: the two passphrases differ.\n"
    assert not Path("book.html").exists()


def test_a_weak_one_is_asked_for_no_second_time(on_terminal: Any) -> None:
    asked = on_terminal("hunter2")
    assert cli.main([*OPTIONS, "--passphrase-prompt"]) == 1
    assert asked == ["Passphrase: "]


def test_one_that_is_not_typed_again_writes_nothing(
    on_terminal: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    on_terminal()
    answers = [PHRASE]

    def answer(_: str) -> str:
        if not answers:
            raise EOFError
        return answers.pop()

    monkeypatch.setattr(getpass, "getpass", answer)
    assert cli.main([*OPTIONS, "--passphrase-prompt"]) == 1
    assert capsys.readouterr().err == "Nothing was written: no passphrase was typed.\n"
    assert not Path("book.html").exists()


def test_where_nobody_can_be_asked_the_command_says_how_to_give_one(capsys: Any) -> None:
    assert cli.main([*OPTIONS, "--passphrase-prompt"]) == 1
    assert capsys.readouterr().err == (
        "Nothing was written: there is no terminal to ask on; use --passphrase-fd N.\n"
    )


# The packages


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have none of the packages; return what is installed later."""
    installed: list[str] = []
    monkeypatch.setattr(bootstrap, "has_extra", lambda: False)
    monkeypatch.setattr(bootstrap, "install_extra", lambda: installed.append("all"))
    return installed


@pytest.mark.parametrize("ours", [True, False])
def test_without_a_terminal_the_command_that_installs_them_is_printed(
    without_packages: list[str], ours: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(bootstrap, "can_install_extra", lambda: ours)
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 1
    said = capsys.readouterr().err
    assert said.startswith(NEEDED)
    assert said.removeprefix(NEEDED) == (
        f"{sys.executable} -m pip install --quiet --no-input --disable-pip-version-check "
        f"--require-hashes --only-binary=:all: -r {ROOT / 'requirements-encrypt.lock'}"
        "\n\nand run this again.\n"
    )
    assert without_packages == []


def test_where_there_is_no_checkout_the_command_names_the_packages(
    without_packages: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 1
    command = f"{sys.executable} -m pip install cryptography xkcdpass zxcvbn"
    assert command in capsys.readouterr().err.splitlines()[3]


def test_on_a_terminal_they_are_installed_after_a_yes(
    without_packages: list[str], on_terminal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "can_install_extra", lambda: True)
    asked = on_terminal("n")
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 1
    assert without_packages == []
    asked = on_terminal("y")
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 0
    assert without_packages == ["all"]
    assert asked[0].endswith("\nInstall them into .venv? [Y/n] ")


def test_a_virtual_environment_that_we_did_not_make_is_not_touched(
    without_packages: list[str], on_terminal: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(bootstrap, "can_install_extra", lambda: False)
    assert on_terminal() == []
    assert cli.main([*OPTIONS, "--passphrase-fd", descriptor()]) == 1
    assert capsys.readouterr().err.startswith(NEEDED)
    assert without_packages == []
