// Groups that are folded on a phone: an address that leads to one opens it, and on paper all are open.
(() => {
  "use strict";
  const folds = [...document.querySelectorAll(".fold")];
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target?.matches(".fold") ? target : target?.querySelector(":scope > .fold");
    if (fold) fold.open = true;
  };
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });
  addEventListener("hashchange", open);
  open();
})();
