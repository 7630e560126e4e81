// Marks in the index of parts where one reads.
(() => {
  "use strict";
  const links = new Map();
  const bar = document.querySelector(".rail .sticky");
  for (const link of document.querySelectorAll(".thumb-index a, .rail .toc a")) {
    const section = document.getElementById(link.hash.slice(1));
    if (section) links.set(section, link);
  }
  const sections = [...document.querySelectorAll("main > section")].filter((it) => links.has(it));
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target);
      else seen.delete(entry.target);
    }
    const first = sections.find((section) => seen.has(section));
    for (const [section, link] of links) {
      if (section === first) {
        link.setAttribute("aria-current", "location");
        bar.scrollLeft = link.offsetLeft - bar.clientWidth / 3; // on a phone the index is a bar
      } else link.removeAttribute("aria-current");
    }
  // A section that a link led to begins 16 px down; the end of the one above is not what one reads.
  }, { rootMargin: "-24px 0px -60% 0px" });
  for (const section of sections) watch.observe(section);
})();
