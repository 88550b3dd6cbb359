// A note laid over the sync log: its own address in the bar, Esc closes, j, k and the arrows up and
// down walk the rows.
(function () {
  "use strict";

  var WIDE = window.matchMedia("(min-width: 1001px)");
  var EVERY = 5000; // milliseconds between two looks
  var STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  var dialog, home, current;

  function rows() { return Array.from(document.querySelectorAll("tr [data-open], [data-row] [data-open]")); }

  function make() {
    dialog = document.createElement("dialog");
    dialog.className = "drawer";
    dialog.setAttribute("aria-label", "Details of a note");
    document.body.append(dialog);
    dialog.addEventListener("click", function (event) {
      var step = event.target.closest("[data-drawer-step]");
      if (event.target === dialog || event.target.closest("[data-drawer-close]")) dialog.close();
      else if (step) walk(Number(step.dataset.drawerStep));
    });
    dialog.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      var by = STEPS[event.key];
      // In a field or a long body they keep their own meaning.
      if (!by || event.target.closest("input, textarea, select, pre")) return;
      event.preventDefault();
      event.stopPropagation();
      walk(by);
    });
    dialog.addEventListener("close", function () {
      dialog.replaceChildren();
      if (home && location.href !== home) history.pushState(null, "", home);
      home = null;
      var link = current && document.querySelector('[data-open][href="' + current + '"]');
      if (link) link.focus();
    });
    setInterval(function () {
      var live = dialog.open && document.visibilityState === "visible" && dialog.querySelector("[data-live]");
      if (live) live.dispatchEvent(new CustomEvent("poll"));
    }, EVERY);
  }

  function show(address, push) {
    if (!dialog) make();
    if (!dialog.open) {
      home = location.href;
      dialog.innerHTML = '<p class="drawer-wait">Reading…</p>';
      dialog.showModal();
    }
    current = address;
    if (push) history.pushState({ drawer: address }, "", address);
    htmx.ajax("GET", address + "/drawer", { target: dialog, swap: "innerHTML" }).then(function () {
      // A log-in page or a fault has no note in it: the note's own page says what is the matter.
      if (!dialog.querySelector("#note-live")) location.assign(address);
      else dialog.scrollTop = 0;
      var tab = !push && dialog.querySelector('[role=tab][href="' + location.pathname + '"][aria-selected=false]');
      if (tab) tab.click();
    });
  }

  function walk(by) {
    var all = rows();
    var at = all.findIndex(function (link) { return link.getAttribute("href") === current; });
    var next = all[at + by];
    if (at >= 0 && next) show(next.getAttribute("href"), true);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-open], [data-row] a.reference");
    if (!link || !WIDE.matches || !window.htmx || typeof HTMLDialogElement === "undefined") return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    show(link.getAttribute("href"), true);
  });

  // Back closes the drawer, or shows the note that was open before.
  window.addEventListener("popstate", function (event) {
    var address = event.state && event.state.drawer;
    if (address) show(address, false);
    else if (dialog && dialog.open) {
      home = null;
      dialog.close();
    }
  });
})();
