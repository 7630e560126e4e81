"""The locked bundle in browsers: what it takes to open it, and that nothing else does."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from conftest import PHONE, ROOT, SAMPLE, Tabs, breaches, breaches_in_each_scheme, visiting
from firefox import Firefox
from passphrases import PHRASE, descriptor
from playwright.sync_api import Page, expect

from starbook import cli

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
WRONG = "This passphrase does not open the file."
DAMAGED = "The file is damaged or incomplete; copy it here again."
UNABLE = (
    "This program cannot decrypt the file; open it in a current browser, from the disk or over "
    "https."
)
NO_SCRIPT = (
    "To unlock this file, open it in a browser that runs scripts; if this is one, the file is "
    "incomplete, so copy it here again."
)
STORY = 'details[id="stories/sourdough-count/_top"]'


def lock(content: Path, out: Path) -> None:
    options = ("--content", str(content), "--passphrase-fd", descriptor())
    assert cli.main(["bundle", "--encrypt", "--out", str(out), *options]) == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with locked bundles of the sample and of the handbook of tests."""
    made = tmp_path_factory.mktemp("locked")
    for name, content in (("sample", SAMPLE), ("handbook", ROOT / "tests/handbook")):
        lock(content, made / f"{name}.html")
    return made


@pytest.fixture
def visit(tabs: Tabs, folder: Path) -> Iterator[Open]:
    """Open a page on a phone; any word the browser has to say about it is a fault."""
    with visiting(tabs, folder, PHONE, ("console", "pageerror")) as visit:
        yield visit


def enter(page: Page, phrase: str = PHRASE) -> None:
    page.get_by_label("Passphrase", exact=True).fill(phrase)
    page.get_by_role("button", name="Unlock").click()


def unlock(page: Page) -> None:
    enter(page)
    expect(page.locator(".lock")).to_be_visible()


def is_locked(page: Page) -> None:
    expect(page.get_by_role("button", name="Unlock")).to_be_visible()
    assert page.locator(".bundled").count() == 0
    assert page.title() == "Locked file"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder below `/of/mine/`, and give that address."""

    class Quiet(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/of/mine"))

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/of/mine/"
    finally:
        server.shutdown()
        server.server_close()


# It opens


def test_the_passphrase_shows_the_bundle_with_its_own_policy_and_no_request(visit: Open) -> None:
    page = visit("sample.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    unlock(page)
    expect(page.get_by_role("heading", name="The Thursday Handbook")).to_be_visible()
    page.get_by_role("button", name="Ask").click()
    page.keyboard.type("charged twice")
    page.locator(".result").first.click()
    story = page.locator('details[id="stories/double-charge/_top"]')
    expect(story.locator(".section").first).to_be_in_viewport()
    expect(story.locator("> summary")).to_be_focused()
    assert asked == []


def test_a_script_that_the_bundle_has_not_is_refused_once_it_is_open(
    tabs: Tabs, folder: Path
) -> None:
    add = "document.head.append(Object.assign(document.createElement('script'), {text: 'odd = 1'}))"
    with visiting(tabs, folder, PHONE, ()) as visit:
        page = visit("handbook.html")
        unlock(page)
        page.evaluate(add)
        assert page.evaluate("typeof odd") == "undefined"


def test_spaces_that_a_phone_adds_do_not_matter(visit: Open) -> None:
    page = visit("handbook.html")
    enter(page, f" {PHRASE.replace(' ', '  ')} ")
    expect(page.locator(".lock")).to_be_visible()


def test_an_address_still_leads_to_its_story(visit: Open) -> None:
    page = visit("handbook.html#stories/sourdough-count/_top")
    unlock(page)
    expect(page.locator(STORY).locator(".section").first).to_be_in_viewport()
    assert page.url.endswith("#stories/sourdough-count/_top")


def test_it_opens_under_a_path_of_a_host(tabs: Tabs, folder: Path) -> None:
    with served(folder) as address, visiting(tabs, folder, PHONE, ("pageerror",)) as visit:
        page = visit("handbook.html")
        page.goto(f"{address}handbook.html#stories/sourdough-count/_top")
        unlock(page)
        expect(page.locator(STORY).locator(".section").first).to_be_in_viewport()


@pytest.mark.parametrize("place", ["disk", "host"])
def test_firefox_opens_it_and_forgets_it_on_reload(fox: Firefox, folder: Path, place: str) -> None:
    with served(folder) as host:
        address = {"disk": f"{folder.as_uri()}/", "host": host}[place]
        fox.open(f"{address}handbook.html")
        fox.wait_for("!document.forms[0].hidden")
        _enter_in_firefox(fox, "no such words")
        fox.wait_for(f"document.querySelector('#says').textContent === '{WRONG}'")
        _enter_in_firefox(fox, PHRASE)
        fox.wait_for("document.querySelector('.lock:not([hidden])')")
        fox.run("document.querySelector('a[href=\"#stories\"]').click()")
        assert fox.run("return [location.href, document.title, history.state]") == [
            f"{address}handbook.html", "Locked file", 1,
        ]  # fmt: skip
        fox.run(
            "document.head.append(Object.assign(document.createElement('script'), "
            "{text: 'document.title = 1'}))"
        )
        assert fox.run("return document.title") == "Locked file"
        fox.reload()
        fox.wait_for("document.forms[0]?.matches(':not([hidden]):has(#passphrase)')")
        assert fox.run("return [localStorage.length, sessionStorage.length]") == [0, 0]


def test_firefox_shows_it_locked_on_the_way_back_from_another_page(
    fox: Firefox, folder: Path, tmp_path: Path
) -> None:
    """Firefox holds the page that was left in memory; Playwright forbids Chromium to."""
    (tmp_path / "other.html").write_text("<title>Other</title>", "utf-8")
    fox.open((folder / "handbook.html").as_uri())
    fox.wait_for("!document.forms[0].hidden")
    _enter_in_firefox(fox, PHRASE)
    fox.wait_for("document.querySelector('.lock:not([hidden])')")
    fox.open((tmp_path / "other.html").as_uri())
    fox.go_back()
    fox.wait_for("document.forms[0]?.matches(':not([hidden]):has(#passphrase)')")
    assert fox.run("return document.querySelectorAll('.bundled').length") == 0


def _enter_in_firefox(fox: Firefox, phrase: str) -> None:
    fox.run(
        f"document.querySelector('#passphrase').value = '{phrase}';"
        "document.forms[0].requestSubmit();"
    )


# Nothing stays


def test_nothing_of_what_one_does_in_it_stays_on_the_device(visit: Open) -> None:
    page = visit("handbook.html")
    address = page.url
    unlock(page)
    page.get_by_label("Theme").select_option("dark")
    page.get_by_role("navigation").get_by_role("link", name="Stories").click()
    page.keyboard.press("/")
    page.keyboard.type("scales")
    expect(page.locator(".result").first).to_be_visible()
    page.wait_for_timeout(400)  # ms; a question gets into an address after 300
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Own the loaf").first.click()
    page.get_by_role("link", name="Practice").click()
    practice = page.frame_locator("iframe")
    expect(practice.locator(".alerts")).to_contain_text(
        "A locked file keeps nothing in the browser."
    )
    practice.get_by_role("button", name="Study", exact=True).click()
    practice.get_by_role("button", name="Show").first.click()
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    ours = [entry for entry in history if entry["url"].startswith(address)]
    assert len(ours) > 4
    assert {entry["url"] for entry in ours} == {address}
    assert {entry["title"] for entry in ours} == {"Locked file"}
    page.reload()
    is_locked(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases()") == []


KEPT = """(top) => [...top.querySelectorAll('input, select, textarea')].filter((it) => (
    (it.localName === 'input' && it.getAttribute('autocomplete') || it.form?.autocomplete) !== 'off'
)).map((it) => it.outerHTML)"""


def test_no_field_lets_the_browser_write_what_is_chosen_to_restore_the_tab(visit: Open) -> None:
    """Chromium writes the fields of a page, also in frames, into the files of its sessions."""
    page = visit("handbook.html")
    unlock(page)
    expect(page.locator(".bundled > noscript")).to_have_count(0)
    page.get_by_role("link", name="Practice").click()
    practice = page.frame_locator("iframe").locator(":root")
    practice.locator("[name=loop]").select_option(index=1)
    for root in (page.locator(":root"), practice):
        assert root.locator("select").count() > 0
        assert root.evaluate(KEPT) == []
    practice.get_by_role("button", name="Study", exact=True).click()
    expect(practice.get_by_role("button", name="Show").first).to_be_visible()
    assert practice.evaluate(KEPT) == []


def test_back_leads_to_where_one_was_in_the_open_file(visit: Open) -> None:
    page = visit("handbook.html")
    unlock(page)
    for name in ("Stories", "Questions"):
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Practice").click()
    expect(page.locator("iframe")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator("iframe")).to_be_hidden()
    expect(page.locator('[id="questions"] > h2')).to_be_in_viewport()
    page.evaluate("history.back()")
    expect(page.locator('[id="stories"] > h2')).to_be_in_viewport()


def test_it_is_locked_again_by_a_reload(visit: Open) -> None:
    page = visit("handbook.html")
    unlock(page)
    page.reload()
    is_locked(page)


def test_it_stays_open_in_a_tab_for_who_asks_until_it_is_locked(visit: Open) -> None:
    page = visit("handbook.html")
    page.get_by_label("Stay unlocked in this tab").check()
    unlock(page)
    page.reload()
    expect(page.locator(".lock")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    is_locked(other)
    other.close()
    page.get_by_role("button", name="Lock", exact=True).click()
    is_locked(page)
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    is_locked(page)


def test_a_key_that_is_kept_opens_no_other_file(visit: Open, tmp_path: Path) -> None:
    page = visit("handbook.html")
    page.get_by_label("Stay unlocked in this tab").check()
    unlock(page)
    lock(ROOT / "tests/handbook", tmp_path / "later.html")
    page.goto((tmp_path / "later.html").as_uri())
    is_locked(page)


# It stays locked


def test_a_wrong_passphrase_is_said_to_be_wrong(visit: Open) -> None:
    page = visit("handbook.html")
    for phrase in (f"{PHRASE} x", PHRASE.upper()):
        enter(page, phrase)
        expect(page.get_by_role("alert")).to_have_text(WRONG)
        is_locked(page)
    expect(page.get_by_label("Passphrase", exact=True)).to_be_focused()
    unlock(page)


def test_without_scripts_one_sentence_says_what_it_needs(visit: Open) -> None:
    page = visit("sample.html", java_script_enabled=False)
    assert page.inner_text("main").split("\n\n") == ["Locked file", NO_SCRIPT]


@pytest.mark.parametrize(
    "without", ["Object.defineProperty(crypto, 'subtle', {value: undefined})",
                "delete window.DecompressionStream"]
)  # fmt: skip
def test_where_it_cannot_be_decrypted_one_sentence_says_so(
    tabs: Tabs, folder: Path, without: str
) -> None:
    page = tabs.browser.new_context().new_page()
    page.add_init_script(without)
    page.goto((folder / "handbook.html").as_uri())
    expect(page.get_by_role("alert")).to_have_text(UNABLE)
    assert page.inner_text("main").split("\n\n") == ["Locked file", UNABLE]
    page.context.close()


@pytest.mark.parametrize("rounds", ["599999", "5000001", "1", "0600000", "99999999", "6e5"])
def test_too_few_or_too_many_rounds_are_not_even_begun(visit: Open, rounds: str) -> None:
    page = visit("handbook.html")
    page.evaluate("void (crypto.subtle.deriveKey = () => { throw Error('begun'); })")
    change = {"field": 1, "value": rounds, "sum": True}
    assert page.evaluate(TRY, [[change], PHRASE]) == {DAMAGED: 1}


# Change what is sealed in each of these ways, enter the passphrase, and count what is said. To
# derive a key takes a thousand times longer than the rest. So that of the file is derived once, and
# those of other salts and rounds, which are other keys anyway, in a thousandth of the rounds.
TRY = """async ([changes, phrase]) => {
  const place = document.querySelector("#sealed"), whole = place.text.trim(), said = {};
  const form = document.forms[0], says = document.querySelector("#says"), { subtle } = crypto;
  const decode = (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
  const derive = subtle.deriveKey, [, rounds, salt] = whole.split(" ");
  let own;
  subtle.deriveKey = (method, ...rest) => {
    if (`${method.iterations} ${method.salt}` === `${rounds} ${decode(salt)}`)
      return own ??= derive.call(subtle, method, ...rest);
    const iterations = Math.ceil(method.iterations / 1000);
    return derive.call(subtle, { ...method, iterations }, ...rest);
  };
  const encode = (bytes) => btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
  const altered = async ({ field, at, bit, cut, value, sum }) => {
    const parts = whole.split(" ");
    if (value) parts[field] = value;
    else {
      const isText = field < 2;
      let bytes = isText ? new TextEncoder().encode(parts[field]) : decode(parts[field]);
      const index = Math.floor(at * bytes.length);
      if (cut) bytes = bytes.slice(0, index);
      else bytes[index] ^= 1 << (isText ? bit % 7 : bit);
      parts[field] = isText ? new TextDecoder().decode(bytes) : encode(bytes);
    }
    const line = parts.slice(0, 5).join(" ");
    const hashed = await subtle.digest("SHA-256", new TextEncoder().encode(line));
    if (sum) parts[5] = encode(new Uint8Array(hashed));
    return parts.join(" ");
  };
  for (const change of changes) {
    place.textContent = await altered(change);
    if (place.text === whole) throw Error(`no change: ${JSON.stringify(change)}`);
    says.textContent = "";
    form.querySelector("#passphrase").value = phrase;
    form.requestSubmit();
    const waits = () => ["", says.dataset.busy].includes(says.textContent);
    while (waits()) await new Promise((done) => setTimeout(done));
    said[says.textContent] = (said[says.textContent] ?? 0) + 1;
    const isOpen = !document.contains(form) || document.querySelector(".bundled");
    if (isOpen) throw Error(`open: ${JSON.stringify(change)}`);
  }
  place.textContent = whole;
  return said;
}"""


@pytest.mark.slow
def test_a_thousand_flipped_bits_and_cuts_open_nothing(visit: Open) -> None:
    """Half of them come with a check sum that fits, so that decryption has to find them."""
    chance, changes = random.Random(21), []
    for number in range(1000):
        field = (1, 2, 3, 4)[number % 4]
        changes.append({"field": field, "at": chance.random(), "bit": chance.randrange(8),
                        "cut": not chance.randrange(5), "sum": number % 8 < 4})  # fmt: skip
    page = visit("handbook.html")
    said = page.evaluate(TRY, [changes, PHRASE])
    assert set(said) == {WRONG, DAMAGED}
    assert said[DAMAGED] >= 500
    assert said[WRONG] > 200
    is_locked(page)
    unlock(page)  # what was changed was not the test's doing


@pytest.mark.slow
def test_a_file_that_was_cut_short_shows_a_sentence_and_nothing_private(
    visit: Open, folder: Path, tmp_path: Path
) -> None:
    whole = (folder / "handbook.html").read_bytes()
    begun, ready = whole.index(b"</p>"), whole.index(b"</script>") + len(b"</script>")
    chance = random.Random(21)
    places = [chance.randrange(begun, ready) for _ in range(20)]
    places += [chance.randrange(ready, len(whole) - 20) for _ in range(20)]
    for place in (begun, ready - 1, ready, *places):
        (tmp_path / "cut.html").write_bytes(whole[:place])
        page = visit("cut.html", tmp_path)
        said = NO_SCRIPT if place < ready else DAMAGED
        expect(page.locator("main")).to_have_text(f"Locked file {said}", use_inner_text=True)
        assert page.get_by_role("textbox").count() == 0


# How it looks


@pytest.mark.parametrize("width", [360, 1280])
def test_it_breaks_no_rule_of_accessibility(visit: Open, width: int) -> None:
    page = visit("sample.html")
    page.set_viewport_size({"width": width, "height": 740})
    expect(page.get_by_label("Passphrase", exact=True)).to_be_focused()
    assert breaches_in_each_scheme(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    enter(page, "no such words")
    expect(page.get_by_role("alert")).to_have_text(WRONG)
    assert breaches(page) == []
    page.get_by_label("Show the passphrase").check()
    expect(page.get_by_label("Passphrase", exact=True)).to_have_attribute("type", "text")
    expect(page.get_by_label("Passphrase", exact=True)).to_have_attribute("autocomplete", "off")
    unlock(page)
    assert breaches_in_each_scheme(page, iframes=False) == []
