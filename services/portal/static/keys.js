// The keyboard: / j k Enter r e ? Esc. Each does what a link or a button on the page does too.
(function () {
  "use strict";

  function rows() { return Array.from(document.querySelectorAll("[data-open]")); }

  function step(by) {
    var all = rows();
    if (!all.length) return;
    var row = document.activeElement.closest("[data-row]");
    var at = row ? all.indexOf(row.querySelector("[data-open]")) : -1;
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  }

  // The note that is open, else the one whose row has the focus; none for those who may not act.
  function note() {
    var open = document.querySelector("dialog[open] [data-note][data-acts]");
    if (open || document.querySelector("dialog[open]")) return open && open.dataset.note;
    var row = document.activeElement.closest("[data-acts] [data-row]");
    if (row) return row.querySelector("[data-open]").getAttribute("href");
    var page = document.querySelector("main [data-note][data-acts]");
    return page && page.dataset.note;
  }

  function act(name) {
    var address = note();
    if (address) location.assign(address + "/acts/" + name);
  }

  function press(selector) {
    var found = document.querySelector(selector);
    if (found) found.click();
    return found;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var typing = event.target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
    var covered = document.querySelector("dialog[open]");
    if (event.key === "Escape" && typing && !covered) { event.target.blur(); return; }
    if (typing) return;
    var search = document.querySelector("[data-search]");
    if (event.key === "?") press("[data-keys]");
    else if (event.key === "r") act("retry");
    else if (event.key === "e") act("evidence");
    else if (covered) return;
    else if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") press("[data-back]");
  });
})();
