// The switch between themes. The choice is kept on this device, for all pages; theme.js sets it.
(() => {
  "use strict";
  const KEY = "starbook:theme";
  const root = document.documentElement;
  const switcher = document.querySelector(".theme-switch"), select = switcher.querySelector("select");
  const foot = switcher.parentElement, menu = document.querySelector(".menu");

  const show = () => {
    try { root.dataset.theme = localStorage.getItem(KEY) ?? ""; } catch { /* as it is */ }
    select.value = root.dataset.theme;
    if (select.selectedIndex < 0) select.value = "";
  };
  select.addEventListener("change", () => {
    root.dataset.theme = select.value;
    try { localStorage.setItem(KEY, select.value); } catch { /* this page alone has it */ }
  });
  // On a phone the foot is far away.
  menu?.addEventListener("toggle", () => (menu.open ? menu.lastElementChild : foot).append(switcher));
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  switcher.hidden = false;
  show();
})();
