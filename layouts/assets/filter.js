// Filters of a list. The chosen values stand in the address (#category=feedback&words=boss), so
// that a filtered list can be linked to, bookmarked and reloaded.
(() => {
  "use strict";
  const form = document.querySelector(".filters");
  if (!form) return;
  const rows = [...document.querySelectorAll(".rows > li")].map((item) => ({
    item,
    words: item.textContent.toLowerCase(),
  }));
  const tally = document.querySelector(".result-count");
  const nothing = document.querySelector(".no-match");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const words = form.elements.words;

  const chosen = () => {
    const facets = new Map();
    for (const box of boxes) {
      if (box.checked) facets.set(box.name, [...(facets.get(box.name) ?? []), box.value]);
    }
    return facets;
  };

  // Values of one facet widen the list, several facets narrow it.
  const fits = (row, facets, wanted) =>
    wanted.every((word) => row.words.includes(word)) &&
    [...facets].every(([name, values]) => {
      const own = (row.item.dataset[name] ?? "").split(" ");
      return values.some((value) => own.includes(value));
    });

  const show = () => {
    const facets = chosen();
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.item.hidden = !fits(row, facets, wanted);
      count += !row.item.hidden;
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector(".rows > li:not([hidden])");
    }
    const { t } = starbook, some = { shown: count, total: rows.length };
    if (tally.dataset.kind === "stories") tally.textContent = count < rows.length ? t("stories.some", some) : t("count.stories", { count });
    else tally.textContent = count < rows.length ? t("questions.some", some) : t("count.questions", { count });
    nothing.hidden = count > 0;
    for (const rest of form.querySelectorAll(".more-options")) {
      if (rest.querySelector(":checked")) rest.open = true;
    }
  };

  const toAddress = () => {
    const state = new URLSearchParams();
    if (words.value.trim()) state.set("words", words.value.trim());
    for (const [name, values] of chosen()) state.set(name, values.join(","));
    const hash = state.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const fromAddress = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    words.value = state.get("words") ?? "";
    for (const box of boxes) box.checked = (state.get(box.name) ?? "").split(",").includes(box.value);
    show();
  };

  form.addEventListener("input", () => { show(); toAddress(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { show(); toAddress(); }));
  addEventListener("hashchange", fromAddress);
  form.hidden = false;
  fromAddress();
})();
