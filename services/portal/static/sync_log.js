// Ticks that follow each other, and the reader's zone for days; the forms work without.
(function () {
  "use strict";

  function all(selector) { return Array.from(document.querySelectorAll(selector)); }

  function count() {
    var label = document.querySelector("[data-tick-count]");
    if (!label) return;
    var whole = document.querySelector("[data-tick-all]");
    var ticked = all("[data-tick]").filter(function (box) { return box.checked; }).length;
    if (whole && whole.checked) label.textContent = "All that match the filter.";
    else if (ticked) label.textContent = ticked + (ticked === 1 ? " note ticked." : " notes ticked.");
    else label.textContent = "Tick notes, or choose all. Each act first says what it would do.";
  }

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-tick-page]")) {
      all("[data-tick]").forEach(function (one) { one.checked = box.checked; });
    } else if (box.matches("[data-tick]") && !box.checked) {
      all("[data-tick-page], [data-tick-all]").forEach(function (one) { one.checked = false; });
    }
    if (box.matches("[data-tick], [data-tick-page], [data-tick-all]")) count();
  });
  // A refresh brings the server's words back.
  document.addEventListener("htmx:after:swap", count);
  window.addEventListener("pageshow", count);

  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) all("[data-zone-field]").forEach(function (field) { field.value = zone; });

  // What is left empty stays out of the address.
  document.addEventListener("submit", function (event) {
    if (!event.target.matches(".filter")) return;
    var days = all(".filter [type=date]").some(function (field) { return field.value; });
    all(".filter [name]").forEach(function (field) {
      if (!field.value || (field.name === "zone" && !days)) field.disabled = true;
    });
    setTimeout(function () {
      all(".filter [name]").forEach(function (field) { field.disabled = false; });
    }, 0);
  });
})();
