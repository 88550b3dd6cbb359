// The chart of the hours; the table beside it has the same figures for those without.
(function () {
  "use strict";

  var EVERY = 60000; // milliseconds between two looks
  var place = document.querySelector("[data-hours]");
  if (!place || !window.uPlot) return;
  var chart = null;
  var told = null;

  // The keys above the chart carry the colours of light and dark; the canvas takes theirs.
  function colour(selector) {
    return getComputedStyle(document.querySelector(selector)).color;
  }

  var clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
  var day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
  var moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

  function times(_self, splits) {
    return splits.map(function (seconds, number) {
      var at = new Date(seconds * 1000), hour = clock.format(at);
      return hour === "00:00" || number === 0 ? hour + "\n" + day.format(at) : hour;
    });
  }

  function axis(quiet, hair) {
    return { stroke: quiet, grid: { stroke: hair, width: 1 }, ticks: { stroke: hair, width: 1 } };
  }

  function line(label, selector) {
    return { label: label, stroke: colour(selector), width: 2, points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }) };
  }

  function edge(label) {
    return { label: label, width: 0, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) };
  }

  function draw() {
    if (!told) return;
    place.hidden = false;
    var quiet = colour(".panel-head + .hours-chart"), hair = getComputedStyle(document.querySelector(".panel")).borderTopColor;
    var counts = axis(quiet, hair);
    counts.incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];
    var when = axis(quiet, hair);
    when.values = times;
    var usual = document.querySelector(".key-usual") !== null;
    if (chart) chart.destroy();
    chart = new uPlot({
      width: Math.max(200, place.clientWidth),
      height: 176,
      scales: { x: { time: true }, y: { range: function (_self, _least, most) { return [0, Math.max(4, most * 1.1)]; } } },
      axes: [when, counts],
      // Between the two lines, which are not drawn, lies what is usual.
      bands: usual ? [{ series: [5, 4], fill: getComputedStyle(document.querySelector(".key-usual")).backgroundColor }] : [],
      series: [{ label: "Hour from", value: function (_self, at) { return at === null ? "–" : moment.format(new Date(at * 1000)); } }, line("In", ".key-came"), line("Sent", ".key-sent"), line("Written back", ".key-shipped")].concat(usual ? [edge("Usually from"), edge("to")] : []),
      cursor: { drag: { x: false, y: false } },
    }, [told.at, told.came, told.sent, told.shipped].concat(usual ? [told.usual_low, told.usual_high] : []), place);
  }

  function look() {
    if (document.visibilityState !== "visible") return;
    fetch(place.dataset.hours, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : told; })
      .then(function (figures) { told = figures; draw(); })
      .catch(function () { /* the next look may get an answer; the table stays */ });
  }

  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  window.addEventListener("resize", draw);
  setInterval(look, EVERY);
  look();
})();
