// Buttons that copy a text: lines to paste, an id, a whole story.
(() => {
  "use strict";
  const { t } = starbook;
  const status = document.createElement("p");
  status.className = "copied";
  status.setAttribute("role", "status");
  document.querySelector("main").append(status);

  // Without permission for the clipboard the text is selected, for the keys of the system.
  const select = (text, place) => {
    if (text !== place.textContent) {
      const shown = document.createElement("textarea");
      shown.value = text;
      shown.readOnly = true;
      shown.setAttribute("aria-label", t("copy.text"));
      status.replaceChildren(shown);
      shown.focus();
      shown.select();
    } else getSelection().selectAllChildren(place);
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  };
  const copy = async (button, text, place, said) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = select(text, place);
    }
    if (done) status.replaceChildren(said);
    else status.prepend(t("copy.selected"));
    button.textContent = done ? t("copy.copied") : button.textContent;
  };
  for (const button of document.querySelectorAll(".paste .copy")) {
    const place = button.closest(".paste").querySelector("pre");
    button.hidden = false;
    button.addEventListener("click", () => copy(button, place.textContent, place, t("copy.copied")));
  }
})();
