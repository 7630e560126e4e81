// Ask, until first use.
(() => {
  const root = new URL("..", document.currentScript.src).href;
  const form = document.querySelector(".ask");
  const add = (to) => new Promise((onload, onerror) => document.head.append(Object.assign(
    document.createElement("script"), { src: root + to, async: false, onload, onerror })));
  let all;
  const load = () => all ??= Promise.allSettled(["search-index.js", "assets/search.js", "assets/search-results.js"].map(add));
  const ask = () => {
    form.closest("dialog:not([open])")?.showModal();
    form.q.focus();
    return !load();
  };
  starbook = {
    root, form, add, given: [],
    index(...it) { this.given.push(it); },
    missing: "assets/search.js is missing from this site: build it again.",
    find() { throw Error(this.missing); },
    search: (...it) => load().then(() => starbook.find(...it)),
  };
  form.q.onfocus = load;
  onclick = (e) => !e.target.closest(".open-ask") || ask();
  onkeydown = (e) => !(e.key === "k" ? e.ctrlKey || e.metaKey
    : e.key === "/" && !e.target.closest("[type=search]")) || ask();
  /[?&]q=/.test(location.search) && ask();
})();
