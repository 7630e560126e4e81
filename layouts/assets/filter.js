// Filters of a list, and its order. The chosen values stand in the address
// (#category=feedback&words=boss), so that such a list can be linked to, bookmarked and reloaded.
(() => {
  "use strict";
  const form = document.querySelector(".filters");
  if (!form) return;
  const rows = [...document.querySelectorAll(".rows > li")].map((item) => ({
    item,
    home: item.parentElement,
    words: item.textContent.toLowerCase(),
  }));
  const { sort } = form.elements; // none in a list without orders
  const folds = [...document.querySelectorAll(".group > .fold")];
  const flat = Object.assign(document.createElement("ul"), { className: "rows" });
  rows[0].home.closest(".group").before(flat);
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

  // Rows in another order stand in one list, those without the value last; else under their groups.
  const arrange = (order) => {
    const key = starbook.practice?.orders?.[order]?.();
    const own = (row) => row.item.dataset[order] ?? "";
    const compare = key ? (a, b) => key(a.item) - key(b.item)
      : (a, b) => !own(a) - !own(b) || (order === "date" ? -1 : 1) * own(a).localeCompare(own(b));
    for (const { item, home } of order ? [...rows].sort(compare) : rows) (order ? flat : home).append(item);
  };

  let arranged = "", filtered = false;
  const show = () => {
    if (sort && sort.value !== arranged) arrange(arranged = sort.value);
    const facets = chosen();
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.item.hidden = !fits(row, facets, wanted);
      count += !row.item.hidden;
    }
    // What was filtered is not folded away.
    if (filtered !== (facets.size + wanted.length > 0)) {
      filtered = !filtered;
      for (const fold of folds) fold.open = filtered;
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
    if (sort?.value) state.set("sort", sort.value);
    for (const [name, values] of chosen()) state.set(name, values.join(","));
    const hash = state.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const fromAddress = () => {
    if (document.getElementById(location.hash.slice(1))) return show(); // a jump to a group
    const state = new URLSearchParams(location.hash.slice(1));
    words.value = state.get("words") ?? "";
    if (sort) sort.value = [...sort.options].find((it) => !it.disabled && it.value === state.get("sort"))?.value ?? "";
    for (const box of boxes) box.checked = (state.get(box.name) ?? "").split(",").includes(box.value);
    show();
  };

  form.addEventListener("input", () => { show(); toAddress(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { show(); toAddress(); }));
  addEventListener("hashchange", fromAddress);
  if (sort) {
    sort.addEventListener("change", () => { show(); toAddress(); });
    sort.closest(".order").hidden = sort.querySelectorAll("option:not([hidden])").length < 2;
  }
  form.hidden = false;
  fromAddress();
})();
