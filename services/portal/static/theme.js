// Light or dark before the first paint: the person's choice, else what the system prefers.
(function () {
  "use strict";
  var KEY = "goodsout-theme";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch (refused) {
      return null; // storage may be switched off; then the system's wish holds
    }
  }

  function apply() {
    var theme = chosen() || (dark.matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
  }

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var now = document.documentElement.getAttribute("data-bs-theme");
    try {
      localStorage.setItem(KEY, now === "dark" ? "light" : "dark");
    } catch (refused) {
      document.documentElement.setAttribute("data-bs-theme", now === "dark" ? "light" : "dark");
      return;
    }
    apply();
  });
})();
