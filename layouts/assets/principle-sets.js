// The switch between sets of principles. The choice stands in the address, and is kept where there
// is a storage.
(() => {
  "use strict";
  const form = document.querySelector("form.switch");
  const sections = document.querySelectorAll("section[data-set]");
  const choices = [...form.elements.set];
  const usual = choices.find((choice) => choice.defaultChecked).value;
  // Pages opened from disk share one storage. Another set in handbook.yml is a new beginning.
  const KEPT = `starbook:${document.querySelector(".home-mark").textContent.trim()}:principles:${usual}`;

  const show = (value) => {
    for (const choice of choices) choice.checked = choice.value === value;
    for (const section of sections) section.hidden = value !== "all" && section.dataset.set !== value;
  };
  const kept = () => {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null; // no storage here: the address still holds the choice
    }
  };
  const open = () => {
    const asked = [new URLSearchParams(location.hash.slice(1)).get("set"), kept()];
    show(asked.find((value) => choices.some((choice) => choice.value === value)) ?? usual);
  };
  form.addEventListener("change", (event) => {
    const { value } = event.target;
    show(value);
    history.replaceState(null, "", `#set=${value}`);
    try {
      localStorage.setItem(KEPT, value);
    } catch {
      // Full or forbidden: only the memory of this choice is lost.
    }
  });
  addEventListener("hashchange", open);
  form.hidden = false;
  open();
})();
