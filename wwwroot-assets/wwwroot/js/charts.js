// Line charts by uPlot: the server sends a chart's points once, and then only the new ones.
import uPlot from '/vendor/uPlot.esm.js';

const colours = ['--accent', '--good-dot', '--busy-dot', '--bad', '--faint'];

/** Draws into each element with data-chart, in their order. specs: one {unit, series: [name], max} a chart. */
export function attach(board, specs) {
  const places = [...board.querySelectorAll('[data-chart]')];
  let charts = [];
  let data = specs.map(spec => [[], ...spec.series.map(() => [])]);

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    charts = specs.map((spec, i) => new uPlot(options(spec, places[i]), data[i], places[i]));
  };
  const resized = new ResizeObserver(() => charts.forEach((chart, i) => {
    const width = places[i].clientWidth;
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: chart.height });
  }));
  // The theme's colours are drawn, so that another theme is another drawing.
  const themed = new MutationObserver(draw);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  draw();
  places.forEach(place => resized.observe(place));
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  scheme.addEventListener('change', draw);

  return {
    /** points: one [[x], [y] a series] a chart. */
    load(points) {
      data = points;
      charts.forEach((chart, i) => chart.setData(data[i]));
    },
    push(points, kept) {
      points.forEach((columns, i) => {
        columns.forEach((column, c) => {
          data[i][c].push(...column);
          data[i][c].splice(0, Math.max(0, data[i][c].length - kept));
        });
        charts[i].setData(data[i]);
      });
    },
    dispose() {
      resized.disconnect();
      themed.disconnect();
      scheme.removeEventListener('change', draw);
      charts.forEach(chart => chart.destroy());
    },
  };
}

function options(spec, place) {
  const style = getComputedStyle(place);
  const colour = name => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: `11px ${style.fontFamily}` };
  return {
    width: place.clientWidth || 320,
    height: 150,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [0, spec.max ?? (high > 0 ? high * 1.1 : 1)] } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_, ticks) => ticks.map(time) },
      { ...axis, size: 52, space: 34, values: (_, ticks) => ticks.map(short) },
    ],
    series: [{}, ...spec.series.map((label, i) => ({ label, stroke: colour(colours[i % colours.length]), width: 1.5, points: { show: false }, spanGaps: false }))],
  };
}

function time(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
}

function short(value) {
  if (value >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  if (value >= 1e3) return `${+(value / 1e3).toFixed(1)}k`;
  return `${+value.toFixed(value < 1 ? 2 : 1)}`;
}
