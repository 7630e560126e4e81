// Buttons that copy a text: lines to paste, an id, a whole story or answer.
(() => {
  "use strict";
  const { t } = starbook;
  const status = document.createElement("p");
  status.className = "note copied";
  status.setAttribute("role", "status");
  document.querySelector("main").append(status);

  // Without permission for the clipboard the text is selected, for the keys of the system.
  const select = (place) => {
    if (place.localName === "textarea") {
      status.replaceChildren(place);
      place.hidden = false;
      place.focus({ preventScroll: true });
      place.select();
    } else getSelection().selectAllChildren(place);
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  };
  const copy = async (button, place, said) => {
    status.replaceChildren();
    let done = true;
    try {
      await navigator.clipboard.writeText(place.textContent);
    } catch {
      done = select(place);
    }
    if (!done) {
      status.prepend(t("copy.selected"), " ");
      return;
    }
    if (status.contains(document.activeElement)) button.focus();
    status.replaceChildren(said);
    button.textContent = t("copy.copied");
  };
  // What was said stays until the person goes on.
  const clear = (event) => { if (!status.contains(event.relatedTarget)) status.replaceChildren(); };
  status.addEventListener("focusout", clear);
  const offer = (button, place, said) => {
    button.addEventListener("click", () => copy(button, place, said));
    button.addEventListener("blur", clear);
  };

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    offer(button, button.parentNode.parentNode.querySelector("pre, code"), t("copy.copied"));
  }
  for (const offered of document.querySelectorAll(".copy-text")) {
    const [button, words] = offered.children;
    offered.hidden = false;
    offer(button, document.getElementById("_text"), t("copy.copied_words", { words: words.textContent }));
  }
})();
