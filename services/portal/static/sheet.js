// A small page laid over the one that is open: keys, views, columns, what can be done about a row.
// Each is a page of its own for those without scripts; here its part alone is shown.
(function () {
  "use strict";

  var sheet;

  function make() {
    sheet = document.createElement("dialog");
    sheet.className = "sheet";
    document.body.append(sheet);
    sheet.addEventListener("click", function (event) {
      if (event.target === sheet || event.target.closest("[data-sheet-close]")) sheet.close();
    });
    sheet.addEventListener("close", function () { sheet.replaceChildren(); });
    sheet.addEventListener("keydown", function (event) {
      var by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.target.matches("input, textarea, select")) return;
      event.preventDefault();
      var all = Array.from(sheet.querySelectorAll("a, button"));
      var next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
      if (next) next.focus();
    });
  }

  function closer() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button sheet-close";
    button.dataset.sheetClose = "";
    button.setAttribute("aria-label", "Close");
    button.textContent = "\u2715";
    return button;
  }

  // Beside what was pressed, inside the window; the others stand in the middle.
  function place(near) {
    sheet.classList.toggle("sheet-near", Boolean(near));
    sheet.style.top = sheet.style.left = "";
    if (!near) return;
    var box = near.getBoundingClientRect(), own = sheet.getBoundingClientRect();
    sheet.style.left = Math.max(8, Math.min(box.right - own.width, innerWidth - own.width - 8)) + "px";
    sheet.style.top = Math.max(8, Math.min(box.bottom + 4, innerHeight - own.height - 8)) + "px";
  }

  function show(link) {
    fetch(link.href, { headers: { Accept: "text/html" } }).then(function (answer) {
      return answer.ok && !answer.redirected ? answer.text() : null;
    }).then(function (text) {
      var page = text && new DOMParser().parseFromString(text, "text/html");
      var part = page && page.querySelector("[data-part]");
      if (!part) { location.assign(link.href); return; }
      if (!sheet) make();
      sheet.setAttribute("aria-labelledby", part.getAttribute("aria-labelledby"));
      sheet.replaceChildren(closer(), document.adoptNode(part));
      if (!sheet.open) sheet.showModal();
      place(link.dataset.sheet === "near" && document.contains(link) ? link : null);
      var first = sheet.querySelector("[data-part] :is(a, input:not([type=hidden]), button)");
      if (first) first.focus();
    }).catch(function () { location.assign(link.href); });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    if (typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    show(link);
  });

  // Ids with a button beside them; a refresh brings hidden ones back.
  function showCopy() {
    if (navigator.clipboard) document.querySelectorAll(".copy[hidden]").forEach(function (one) { one.hidden = false; });
  }
  new MutationObserver(showCopy).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
  showCopy();
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy-text]");
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copyText).then(function () {
      button.classList.add("is-copied");
      setTimeout(function () { button.classList.remove("is-copied"); }, 1500);
    });
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-copy]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(function () {
      link.querySelector("[data-copied]").textContent = "Copied";
    }, function () { location.assign(link.href); });
  });
})();
