// The locked file: ask for the passphrase, decrypt the bundle, and write it in the place of this page.
// docs/BUNDLE.md describes what is read here, and starbook/exporter/sealing.py writes it.
(() => {
  "use strict";
  // Fewer rounds would make guessing cheap; more would keep this page busy for minutes.
  const LEAST = 600000, MOST = 5000000, PIECE = 100000;
  const SEALED = /^(1 ([1-9]\d{5,6}) ([\w+/]{22}==) ([\w+/]{16})) ([\w+/]+={0,2}) ([\w+/]{43}=)$/;
  const form = document.querySelector("form"), says = document.querySelector("#says");
  const { passphrase, plain, stay } = form.elements, { subtle } = window.crypto ?? {};
  const say = (name) => { says.textContent = says.dataset[name] ?? ""; };
  const encode = (text) => new TextEncoder().encode(text);
  const bytes = (text) => {
    const raw = atob(text), made = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) made[i] = raw.charCodeAt(i); // a tenth of the time of `from`
    return made;
  };
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  let tab;
  try { tab = sessionStorage; } catch { /* nothing can be kept for a tab here */ }

  // What the file holds; null if a part of it is missing or is not as it was written.
  let last = {};
  const read = async () => {
    const text = document.querySelector("#sealed")?.text.trim() ?? "";
    if (text === last.text) return last;
    const [, head, rounds, salt, nonce, data, digest] = SEALED.exec(text) ?? [];
    if (!head || rounds < LEAST || rounds > MOST) return null;
    const seen = await subtle.digest("SHA-256", encode(`${head} ${data}`));
    if (base64(seen) !== digest) return null;
    return last = { text, head, name: `starbook:key:${salt}`, rounds: Number(rounds), salt: bytes(salt), nonce: bytes(nonce), data: bytes(data) };
  };
  // As starbook/exporter/passphrase.py does: keyboards of phones add spaces.
  const normalized = (text) => text.normalize("NFKC").replace(/ +/g, " ").replace(/^ | $/g, "");
  const derive = async ({ rounds, salt }, text) => {
    const material = await subtle.importKey("raw", encode(normalized(text)), "PBKDF2", false, ["deriveKey"]);
    const method = { name: "PBKDF2", hash: "SHA-256", iterations: rounds, salt };
    return subtle.deriveKey(method, material, { name: "AES-GCM", length: 256 }, stay.checked, ["decrypt"]);
  };
  const decrypt = async ({ head, nonce, data }, key) => {
    const method = { name: "AES-GCM", iv: nonce, additionalData: encode(head) };
    const packed = await subtle.decrypt(method, key, data);
    const size = new DataView(packed).getUint32(0);
    const stream = new Blob([packed.slice(4, 4 + size)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  };
  // The address stays, and with it the anchor; so does the policy of this page. What is there is
  // painted while the rest is read.
  const show = async (text) => {
    document.open();
    for (let at = 0, end; at < text.length; at = end) {
      end = text.indexOf("\n", at + PIECE) + 1 || text.length;
      document.write(text.slice(at, end));
      await new Promise((done) => setTimeout(done));
    }
    document.close();
  };

  const keep = async (sealed, key) => {
    try { tab.setItem(sealed.name, base64(await subtle.exportKey("raw", key))); } catch { /* full: it is asked for again */ }
  };
  const unlock = async (sealed) => {
    say("busy");
    try {
      const key = await derive(sealed, passphrase.value), text = await decrypt(sealed, key);
      if (stay.checked) await keep(sealed, key);
      await show(text);
    } catch {
      say("wrong");
      passphrase.setAttribute("aria-invalid", true);
      passphrase.select();
    }
  };
  const resume = async (sealed) => {
    const kept = tab?.getItem(sealed.name);
    if (!kept) return false;
    try {
      await show(await decrypt(sealed, await subtle.importKey("raw", bytes(kept), "AES-GCM", false, ["decrypt"])));
      return true;
    } catch {
      tab.removeItem(sealed.name);
      return false;
    }
  };
  const begin = async () => {
    if (!subtle || !window.DecompressionStream) return say("unable");
    const sealed = await read();
    if (!sealed) return say("damaged");
    if (await resume(sealed)) return undefined;
    say();
    form.hidden = false;
    stay.closest("label").hidden = form.querySelector("#stays").hidden = !tab;
    return passphrase.focus();
  };

  // What is typed in the open, browsers keep to restore the tab, unless the field forbids it.
  plain.addEventListener("change", () => {
    passphrase.type = plain.checked ? "text" : "password";
    passphrase.autocomplete = plain.checked ? "off" : "current-password";
  });
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const sealed = await read();
    await (sealed ? unlock(sealed) : say("damaged"));
    busy = false;
  });
  say();
  document.addEventListener("DOMContentLoaded", begin);
})();
