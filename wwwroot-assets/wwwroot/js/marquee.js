// Selecting with a rectangle that the mouse draws: over lines of rows, and over tiles. What is selected is told by name and inode, as
// it is drawn, never by a place; the server leaves out what is not there any more. The rectangle hangs on virtual px, so that it grows while the list scrolls.

import { takesAlong } from './pointing.js';

const THRESHOLD = 6; // px before it begins, so that a click stays a click
const EDGE = 40;     // px from an edge of the list within which it scrolls by itself

/**
 * @param list { element, sight, layer, tiled, top(), rowHeight(), cols(), scrollBy(px) }
 * @param dotnet the viewport on the server
 */
export function attach(list, dotnet, signal) {
  const { element, sight, layer } = list;
  let from = null, at = null, frame = null, anchor = null, begun = null, timer = 0, wanted = null, busy = false, told = '';

  const rows = () => Number(layer.dataset.rows);
  const drawn = rank => layer.children[rank - Number(layer.dataset.base)]?.closest('[data-n]') ?? null;
  const named = row => [row.dataset.n, row.dataset.i];

  /** In px of the whole list, to the right of its left edge and down from its first row. */
  function placeOf(x, y) {
    const box = sight.getBoundingClientRect();
    return { x: Math.max(0, Math.min(x - box.left, box.width)), y: list.top() + Math.max(0, Math.min(y - box.top, sight.clientHeight)) };
  }

  function draw() {
    const to = placeOf(at.x, at.y);
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)], [first, last] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
    Object.assign(frame.style, { left: `${left}px`, width: `${right - left}px`, top: `${first - list.top()}px`, height: `${last - first}px` });
    wanted = list.tiled ? tilesIn(left, right, first, last) : linesIn(first, last, to.y);
    flush();
  }

  function linesIn(first, last, y) {
    const line = place => Math.floor(place / list.rowHeight());
    if (line(first) >= rows()) { anchor = null; return begun ? { none: true } : null; }
    const clamp = rank => Math.max(0, Math.min(rank, rows() - 1));
    const begin = drawn(clamp(line(from.y))), end = drawn(clamp(line(y)));
    if (!anchor && begin) anchor = named(begin);
    return anchor && end ? { anchor, end: named(end) } : null;
  }

  function tilesIn(left, right, first, last) {
    const pad = parseFloat(getComputedStyle(layer).paddingLeft), cols = list.cols(), width = (sight.clientWidth - pad * 2) / cols;
    const column = x => Math.max(0, Math.min(cols - 1, Math.floor((x - pad) / width)));
    const runs = [];
    for (let line = Math.floor(first / list.rowHeight()); line <= Math.floor(last / list.rowHeight()); line++) {
      const one = drawn(line * cols + column(left)), other = drawn(Math.min(line * cols + column(right), rows() - 1));
      if (one && other) runs.push([...named(one), ...named(other)]);
    }
    return { runs };
  }

  // One call in flight; when it is back, the newest wish is sent.
  async function flush() {
    if (busy) return;
    busy = true;
    try {
      while (wanted) {
        const now = wanted;
        wanted = null;
        const text = JSON.stringify(now);
        if (text === told) continue;
        told = text;
        const adds = from?.adds ?? false;
        if (now.runs) await dotnet.invokeMethodAsync('Mark', now.runs, adds);
        else if (now.none) await dotnet.invokeMethodAsync('Key', 'Escape', false, false, false);
        else await extend(now, adds);
      }
    } catch {
      // The circuit is gone.
    } finally {
      busy = false;
    }
  }

  /** As a click and a click with Shift: the server keeps to the row that it began at, also when that is not drawn any more. */
  async function extend({ anchor: [name, ino], end: [endName, endIno] }, adds) {
    if (begun !== anchor) await dotnet.invokeMethodAsync('Point', adds ? 'toggle' : 'click', name, ino, false, false, 0, 0);
    begun = anchor;
    await dotnet.invokeMethodAsync('Point', 'click', endName, endIno, adds, true, 0, 0);
  }

  function scroll() {
    const box = sight.getBoundingClientRect();
    const by = at.y > box.bottom - EDGE ? Math.min(40, at.y - box.bottom + EDGE) : at.y < box.top + EDGE ? Math.max(-40, at.y - box.top - EDGE) : 0;
    if (by === 0) return;
    list.scrollBy(by);
    draw();
  }

  function end() {
    clearInterval(timer);
    frame?.remove();
    element.classList.remove('marking');
    from = at = frame = anchor = begun = null;
    told = '';
  }

  element.addEventListener('mousedown', e => {
    const row = e.target.closest('[data-n]');
    const box = sight.getBoundingClientRect();
    if (e.button !== 0 || e.shiftKey || e.target.closest('button, input, .vp-check, .vp-head') || e.clientX > box.left + sight.clientWidth || e.clientY < box.top) return;
    if (row ? takesAlong(row, e.target) : e.target.closest('a')) return;
    from = { ...placeOf(e.clientX, e.clientY), atX: e.clientX, atY: e.clientY, adds: e.ctrlKey || e.metaKey, onRow: !!row };
  }, { signal });

  document.addEventListener('mousemove', e => {
    if (!from) return;
    if (!(e.buttons & 1)) { end(); return; }
    at = { x: e.clientX, y: e.clientY };
    if (!frame) {
      if (Math.hypot(at.x - from.atX, at.y - from.atY) < THRESHOLD) return;
      frame = document.createElement('div');
      frame.className = 'marquee';
      sight.append(frame);
      element.classList.add('marking');
      element.focus({ preventScroll: true });
      if (!list.tiled) timer = setInterval(scroll, 40);
    }
    e.preventDefault();
    draw();
  }, { signal });

  document.addEventListener('mouseup', () => {
    if (!from) return;
    if (frame) {
      // The click that may follow belongs to the rectangle.
      const swallow = c => { c.preventDefault(); c.stopPropagation(); };
      document.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 0);
    } else if (!from.onRow && !from.adds) {
      dotnet.invokeMethodAsync('Key', 'Escape', false, false, false).catch(() => {}); // beside all rows: nothing is meant any more
    }
    end();
  }, { signal });

  window.addEventListener('blur', end, { signal });
  signal.addEventListener('abort', end);
}
