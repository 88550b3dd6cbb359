// Times in the reader's zone, a quiet refresh, and the keyboard.
(function () {
  "use strict";

  var EVERY = 5000; // milliseconds between two looks
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

  function format(options) {
    return new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: zone }, options));
  }
  var day = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  var daySeconds = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  var year = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  var clock = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  var zoneName = format({ timeZoneName: "short" });

  function span(seconds) {
    if (seconds < 60) return Math.round(seconds) + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    if (seconds < 48 * 3600) return Math.floor(seconds / 3600) + " h";
    return Math.floor(seconds / 86400) + " days";
  }

  function relative(at, now) {
    var seconds = (now - at) / 1000;
    if (seconds < -1) return "in " + span(-seconds);
    return span(Math.max(0, seconds)) + " ago";
  }

  function texts(at, show, now) {
    var old = now - at > 300 * 86400 * 1000;
    var absolute = (old ? year : day).format(at).replace(",", "");
    switch (show) {
      case "relative": return ["", relative(at, now)];
      case "age": return ["", span(Math.max(0, (now - at) / 1000))];
      case "absolute": return [absolute, ""];
      case "clock": return [clock.format(at), ""];
      case "line-seconds": return [daySeconds.format(at).replace(",", ""), relative(at, now)];
      default: return [absolute, relative(at, now)];
    }
  }

  function put(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function fillTimes() {
    var now = new Date();
    document.querySelectorAll("time[datetime]").forEach(function (time) {
      var pair = texts(new Date(time.getAttribute("datetime")), time.dataset.show, now);
      put(time.querySelector(".absolute"), pair[0]);
      put(time.querySelector(".relative"), pair[1]);
    });
    var part = zoneName.formatToParts(now).find(function (p) { return p.type === "timeZoneName"; });
    document.querySelectorAll("[data-zone]").forEach(function (label) {
      put(label, zone.replace(/_/g, " ") + (part && part.value !== zone ? " (" + part.value + ")" : ""));
    });
  }

  // A refresh brings the server's UTC back; it is put right before anything is painted.
  new MutationObserver(fillTimes).observe(document.body, { childList: true, characterData: true, subtree: true });
  setInterval(fillTimes, 10000);
  fillTimes();

  // Refresh what is on the screen, in place, while somebody can see it.
  var answered = new Date();
  function look() {
    var live = document.querySelector("[data-live]");
    if (live && document.visibilityState === "visible") live.dispatchEvent(new CustomEvent("poll"));
  }
  function showStale(isStale) {
    document.querySelectorAll("[data-stale]").forEach(function (bar) {
      bar.hidden = !isStale;
      put(bar.querySelector("[data-stale-since]"), clock.format(answered));
    });
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:after:swap", function () {
    answered = new Date();
    showStale(false);
  });
  document.addEventListener("htmx:error", function () { showStale(true); });
  document.addEventListener("htmx:before:response", function (event) {
    var response = event.detail.ctx.response;
    // A page about a problem must not take the place of the rows.
    if (response.status >= 400 && !response.headers.get("HX-Refresh")) {
      event.preventDefault();
      showStale(true);
    }
  });
  function rows() { return Array.from(document.querySelectorAll("[data-open]")); }

  function step(by) {
    var all = rows();
    if (!all.length) return;
    var at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var typing = event.target.matches("input, textarea, select");
    if (event.key === "Escape" && typing) { event.target.blur(); return; }
    if (typing) return;
    var search = document.querySelector("[data-search]");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape" && document.querySelector("[data-back]")) document.querySelector("[data-back]").click();
  });

  // "Sync logs" above a note goes back to the very page, filter and place one came from.
  document.addEventListener("click", function (event) {
    var came = document.referrer;
    if (!event.target.closest("[data-back]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!came || new URL(came).origin !== location.origin || new URL(came).pathname !== "/sync-log") return;
    event.preventDefault();
    history.back();
  });

  // The whole row opens the note; a link, a selection or a modifier keeps its own meaning.
  document.addEventListener("click", function (event) {
    var row = event.target.closest("[data-row]");
    if (!row || event.target.closest("a, button, input, label, td.tick") || String(window.getSelection())) return;
    row.querySelector("[data-open]").click();
  });
})();
