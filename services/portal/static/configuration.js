// Counts what is not saved yet, and asks before it is left behind.
(function () {
  "use strict";

  var form = document.querySelector("[data-settings]");
  var bar = form && form.querySelector(".save-bar");
  if (!bar) return;
  var words = bar.querySelector("[data-unsaved]");
  var discard = bar.querySelector("[data-discard]");
  var atFirst = words.textContent;
  var before = Number(form.dataset.changed); // typed before this page came back
  var leaving = false;

  function differs(field) {
    if (field.tagName === "BUTTON") return false;
    if (field.type === "radio") return field.checked && !field.defaultChecked;
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return Array.from(field.options).some(function (one) { return one.selected !== one.defaultSelected; });
    return field.type !== "hidden" && field.value !== field.defaultValue;
  }

  function count() {
    var changed = new Set();
    Array.from(form.elements).forEach(function (field) {
      if (field.name && differs(field)) changed.add(field.name);
    });
    return changed.size + before;
  }

  function show() {
    var number = count();
    words.textContent = number ? number + (number === 1 ? " unsaved change." : " unsaved changes.") : atFirst;
    bar.classList.toggle("has-changes", number > 0);
    discard.hidden = !number;
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", function () { leaving = true; });
  discard.addEventListener("click", function () { leaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && count()) event.preventDefault();
  });
  show();
})();
