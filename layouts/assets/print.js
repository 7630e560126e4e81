// The part of the handbook that is printed. The choice stands in the address, so that it can be
// linked to: `#deck=category/incidents&without=guides`.
(() => {
  "use strict";
  const { t } = starbook;
  const form = document.querySelector(".print-choice");
  const { deck } = form.elements;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const parts = [...document.querySelectorAll(".printed [data-part]")];
  const groups = [...document.querySelectorAll(".printed [data-group]")].reverse(); // inner ones first
  const cover = document.querySelector(".cover-part");

  const show = () => {
    const option = deck.selectedOptions[0];
    const ids = option.dataset.ids && new Set(option.dataset.ids.split(" "));
    const shown = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    for (const part of parts) {
      part.hidden = !shown.has(part.dataset.kind) || Boolean(ids && !ids.has(part.dataset.part));
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-part]:not([hidden])");
    cover.textContent = option.textContent;
    cover.hidden = !ids;
    const count = (kind) => parts.filter((part) => part.dataset.kind === kind && !part.hidden && !part.closest(".contents")).length;
    form.querySelector(".status").textContent = [
      t("count.stories", { count: count("stories") }),
      t("count.questions", { count: count("questions") }),
    ].join(", ");
  };

  const toAddress = () => {
    const hash = new URLSearchParams();
    if (deck.value) hash.set("deck", deck.value);
    const without = kinds.filter((box) => !box.checked).map((box) => box.value);
    if (without.length) hash.set("without", without.join(","));
    const text = hash.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };

  const fromAddress = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    const wanted = hash.get("deck") ?? "";
    if (wanted && ![...deck.options].some((option) => option.value === wanted)) {
      show();
      form.querySelector(".status").textContent = t("cards.unknown", { names: wanted });
      return;
    }
    deck.value = wanted;
    const without = (hash.get("without") ?? "").split(",");
    for (const box of kinds) box.checked = !without.includes(box.value);
    show();
  };

  form.addEventListener("change", () => {
    toAddress();
    show();
  });
  form.elements.print.addEventListener("click", () => print());
  addEventListener("hashchange", () => {
    if (!document.querySelector(":target")) fromAddress(); // a jump within the page chooses nothing
  });
  form.hidden = false;
  fromAddress();
})();
