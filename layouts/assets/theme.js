// The theme chosen on this device, set before the first paint: a page waits for this and no more.
try {
  document.documentElement.dataset.theme = localStorage["starbook:theme"] ?? "";
} catch { /* no storage: as the system has it */ }
