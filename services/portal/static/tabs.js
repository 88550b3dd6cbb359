// A note's tabs: each is a page of its own; with scripts the open one's part takes the place of the
// last. Arrows move along the tabs and open none, because some of them ask the vendors.
(function () {
  "use strict";

  var along = { ArrowRight: 1, ArrowLeft: -1 };

  function tabsOf(list) { return Array.from(list.querySelectorAll("[role=tab]")); }

  // One tab takes the focus from outside; the arrows reach the others.
  function rove() {
    document.querySelectorAll("[role=tablist]").forEach(function (list) {
      tabsOf(list).forEach(function (tab) {
        tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
      });
    });
  }
  document.addEventListener("htmx:after:swap", rove);
  rove();

  document.addEventListener("keydown", function (event) {
    var tab = event.target.closest("[role=tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.altKey) return;
    var all = tabsOf(tab.closest("[role=tablist]")), at = all.indexOf(tab);
    var next = along[event.key] ? (at + along[event.key] + all.length) % all.length
      : { Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all[next].focus();
    } else if (event.key === " ") {
      event.preventDefault();
      tab.click();
    }
  });

  function select(tab) {
    tabsOf(tab.closest("[role=tablist]")).forEach(function (one) {
      one.setAttribute("aria-selected", String(one === tab));
    });
    rove();
  }

  function wait(part) {
    var panel = part.querySelector("#note-panel");
    panel.setAttribute("aria-busy", "true");
    var said = document.createElement("p");
    said.className = "drawer-wait";
    said.setAttribute("role", "status");
    said.textContent = "Reading…";
    panel.replaceChildren(said);
  }

  function exchange(verb, address, values, from) {
    var part = from.closest("#note-live"), tab = from.closest("[role=tab]");
    if (tab) select(tab);
    wait(part);
    part.removeAttribute("data-live");
    htmx.ajax(verb, address, { target: part, select: "#note-live", swap: "outerHTML", values: values }).then(function () {
      var fresh = document.getElementById("note-live");
      // A log-in page or a fault has no note in it: the page itself says what is the matter.
      if (!fresh || fresh === part) { location.assign(address); return; }
      history.replaceState(history.state, "", address);
      var opened = fresh.querySelector(tab ? "[role=tab][aria-selected=true]" : "#note-panel");
      if (opened) opened.focus({ preventScroll: true });
    });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("#note-live a[data-exchange]");
    if (!link || !window.htmx || event.button > 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    exchange("GET", link.getAttribute("href"), {}, link);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("#note-live form[data-exchange]");
    if (!form || !window.htmx) return;
    event.preventDefault();
    exchange("POST", form.getAttribute("action"), Object.fromEntries(new FormData(form)), form);
  });
})();
