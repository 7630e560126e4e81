// Ask, until first use; and the texts that scripts show, in the language of the page.
(() => {
  // In a single file, scripts stand inside it, or inside the one around it, each with its path.
  const { src } = document.currentScript, root = src && new URL("..", src).href;
  const form = document.querySelector(".ask");
  const add = (to) => new Promise((onload, onerror) => {
    const it = Object.assign(document.createElement("script"), { async: false, onload, onerror });
    if (root) it.src = root + to;
    else parent.unpacked.then(() => onload(it.text = parent.document.getElementById(to).text));
    document.head.append(it);
  });
  let all;
  const load = () => all ??= Promise.allSettled(["assets/texts.js", "search-index.js", "assets/search.js", "assets/search-results.js"].map(add));
  const ask = () => {
    form.closest("dialog:not([open])")?.showModal();
    form.q.focus();
    return !load();
  };
  const texts = {}, { lang } = document.documentElement;
  // A text in pieces: a value may be a node.
  const pieces = (key, values = {}) => {
    const text = texts[key] ?? key, form = text.other ? (values.count === 1 ? text.one : text.other) : text;
    return form.split(/\{(\w+)\}/).map((piece, i) => {
      const value = i % 2 ? values[piece] : piece;
      return typeof value === "number" ? value.toLocaleString(lang) : value;
    });
  };
  const t = (...it) => pieces(...it).join("");
  starbook = {
    root, form, add, t, pieces, given: [],
    addTexts(more) { Object.assign(texts, more); },
    index(...it) { this.given.push(it); },
    get missing() { return t("ask.file_missing", { file: "assets/search.js" }); },
    find() { throw Error(this.missing); },
    search: (...it) => load().then(() => starbook.find(...it)),
  };
  form.q.onfocus = load;
  onclick = (e) => !e.target.closest(".open-ask") || ask();
  onkeydown = (e) => !(e.key === "k" ? e.ctrlKey || e.metaKey
    : e.key === "/" && !e.target.closest("[type=search]")) || ask();
  /[?&]q=/.test(location.search) && ask();
})();
