// Ticks that follow each other, and days in the reader's zone; the forms work without.
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

  // A line with the date where the day changes, in the reader's zone.
  var dayName = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  function markDays() {
    var before = "";
    all("[data-days] tr").forEach(function (row) {
      var time = row.querySelector("td.when time");
      var name = time ? dayName.format(new Date(time.getAttribute("datetime"))) : before;
      var first = row.querySelector("td.order");
      if (first && before && name !== before) first.dataset.day = name;
      else if (first) delete first.dataset.day;
      before = name;
    });
  }
  document.addEventListener("htmx:after:swap", markDays);
  markDays();

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
