// The scaled viewport: any number of rows on at most MAX px of scroll height, because browsers clamp taller elements.
// `top` is the truth, in virtual px; scrollTop is its image, scaled down. The server draws a run of rows into the layer and
// says which (data-base); the layer is moved so that they appear where they belong, before the browser paints. Where rows are
// tiles, `cols` of them make a line; a rank's line is rank / cols, and a run that begins within a line leaves its start empty.

import { attach as attachMarquee } from './marquee.js';

const MAX = 8_000_000;   // as in VirtualViewport.razor
const OVERSCAN = 30;     // rows drawn beyond each edge
const SLACK = 12;        // rows left beyond an edge when the next run is asked for
const LONG_PRESS = 500;  // ms
const REPEATS = 6;       // key repeats on their way to the server

export function attach(el, dotnet, takesFocus) {
  const layer = el.querySelector(':scope .vp-layer');
  const sight = el.querySelector(':scope .vp-sight');
  const listening = new AbortController();
  let top = 0, expected = 0, rowHeight = 40, view = 0, total = 0, scale = 1, cols = 1;
  let origin = Number(layer.dataset.origin), reveal = layer.dataset.reveal, list = layer.dataset.list;
  let asked = null, wanted = null, busy = false, keysOut = 0, lastTouch = false, arriving = false;

  function measure() {
    const style = getComputedStyle(el);
    rowHeight = parseFloat(style.getPropertyValue('--row-h')) || 40;
    if ('tiled' in el.dataset) {
      const room = sight.clientWidth - parseFloat(getComputedStyle(layer).paddingLeft) * 2;
      cols = Math.max(1, Math.floor(room / (parseFloat(style.getPropertyValue('--tile-w')) || 150)));
      el.style.setProperty('--cols', cols);
    }
    // The room there is, whatever the list before left of it: the sight is no higher than its rows.
    view = el.clientHeight - parseFloat(getComputedStyle(sight).top);
    tally();
  }

  /** As `measure`, of a list that has as much room as before: nothing is asked of the browser. */
  function tally() {
    total = Math.ceil(Number(layer.dataset.rows) / cols) * rowHeight;
    const spacer = Math.min(total, MAX);
    scale = total > MAX && spacer > view ? (total - view) / (spacer - view) : 1;
  }

  function place() {
    const base = Number(layer.dataset.base);
    layer.style.transform = `translateY(${Math.floor(base / cols) * rowHeight - top}px)`;
    if ('tiled' in el.dataset) layer.style.setProperty('--lead', base % cols + 1);
  }

  function moveTo(y) {
    top = Math.max(0, Math.min(y, total - view));
    place();
    // To read or set where it is scrolled to has the browser lay out everything that was just drawn, before it does so anyway.
    if (Math.abs(top / scale - expected) < .01) return;
    el.scrollTop = top / scale;
    expected = el.scrollTop;
  }

  /** From where the row at the cursor is in sight: as near to `y` as can be. */
  function sightOf(y) {
    const at = Math.floor(Number(reveal.split(':')[1]) / cols) * rowHeight;
    return at < y ? at : at + rowHeight > y + view ? at + rowHeight - view : y;
  }

  /** The rows in sight were drawn alone: those around them come when they have been seen. */
  function needMore() {
    const visible = Math.floor(top / rowHeight) * cols, count = Math.ceil(view / rowHeight) * cols;
    const base = Number(layer.dataset.base), end = base + Number(layer.dataset.count);
    if (base > visible || end < Math.min(Number(layer.dataset.rows), visible + count)) need(false);
    else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { if (el.isConnected) { measure(); place(); need(false); } })));
  }

  // One call in flight; when it is back, the newest wish is sent and those between are forgotten.
  async function need(always) {
    const visible = Math.floor(top / rowHeight) * cols, count = (Math.ceil(view / rowHeight) + 1) * cols;
    const rows = Number(layer.dataset.rows);
    const base = Number(layer.dataset.base), end = base + Number(layer.dataset.count);
    const covered = base <= Math.max(0, visible - SLACK) && end >= Math.min(rows, visible + count + SLACK);
    const sameEdge = asked && (asked.visible === 0) === (visible === 0) && asked.count === count && asked.cols === cols;
    if (!always && covered && sameEdge) return;
    wanted = { visible, count, cols };
    if (busy) return;
    busy = true;
    try {
      while (wanted) {
        asked = wanted;
        wanted = null;
        const over = Math.ceil(OVERSCAN / asked.cols) * asked.cols; // whole lines
        await dotnet.invokeMethodAsync('Need', Math.max(0, asked.visible - over), asked.count + 2 * over, asked.visible, asked.count, asked.cols);
      }
    } catch {
      // The circuit is gone; a new one starts with a new viewport.
    } finally {
      busy = false;
    }
  }

  function redrawn() {
    tally();
    const isAnother = layer.dataset.list !== list;
    if (isAnother) {
      list = layer.dataset.list;
      top = 0;
      asked = null;
      origin = Number(layer.dataset.origin);
      reveal = '0:0';
      takeFocus(); // what had it may have gone with the folder before
    }
    const shift = Number(layer.dataset.origin) - origin;
    origin += shift;
    let y = top + Math.trunc(shift / cols) * rowHeight;
    if (layer.dataset.reveal !== reveal) {
      reveal = layer.dataset.reveal;
      y = sightOf(y);
    }
    moveTo(y);
    if (isAnother) needMore();
    else need(false);
  }

  const redraws = new MutationObserver(redrawn);
  redraws.observe(layer, { attributes: true, attributeFilter: ['data-base', 'data-rows', 'data-origin', 'data-reveal', 'data-list', 'data-count'] });
  const resizes = new ResizeObserver(() => {
    const first = Math.floor(top / rowHeight) * cols, before = cols;
    measure();
    moveTo(cols === before ? top : Math.floor(first / cols) * rowHeight);
    need(false);
  });
  resizes.observe(el);

  const on = (type, handler, options) => el.addEventListener(type, handler, { signal: listening.signal, ...options });

  on('scroll', () => {
    // What we set ourselves comes back rounded to a pixel, which is many rows when scaled: keep our own, finer top.
    if (scale === 1 || Math.abs(el.scrollTop - expected) >= 1) {
      expected = el.scrollTop;
      top = el.scrollTop * scale;
    }
    place();
    need(false);
  }, { passive: true });

  // Who has a row brought into sight (find in page, a reader's cursor) scrolls the part in sight: scrolling is the list's.
  sight.addEventListener('scroll', () => {
    const by = sight.scrollTop;
    if (!by) return;
    sight.scrollTop = 0;
    moveTo(top + by);
    need(false);
  }, { passive: true, signal: listening.signal });

  on('wheel', e => {
    if (scale === 1 || e.ctrlKey) return;
    e.preventDefault();
    moveTo(top + e.deltaY * (e.deltaMode === 1 ? rowHeight : e.deltaMode === 2 ? view : 1));
    need(false);
  }, { passive: false });

  /** Where one goes into a folder, keys go on working there. */
  function takeFocus() {
    if (!takesFocus || (document.activeElement && document.activeElement !== document.body)) return;
    arriving = true;
    el.focus({ preventScroll: true });
    arriving = false;
  }

  // The row at the cursor is marked while keys are used, not while a pointer is.
  on('focus', () => { if (!arriving && el.matches(':focus-visible')) el.dataset.keys = ''; });
  on('pointerdown', () => delete el.dataset.keys);

  on('keydown', e => {
    if (e.target !== el) return;
    el.dataset.keys = '';
    const ctrl = e.ctrlKey || e.metaKey;
    const key = e.key === 'F10' && e.shiftKey ? 'ContextMenu' : e.key;
    // Moving, typing, and the menu; every other key is a command's (keys.js), if anybody's.
    const ours = (cols > 1 && ['ArrowLeft', 'ArrowRight'].includes(key)) || ['ArrowDown', 'ArrowUp', 'Home', 'End', 'PageDown', 'PageUp', 'ContextMenu'].includes(key)
      || (key === ' ' && !e.altKey) || (key.length === 1 && !ctrl && !e.altKey);
    if (!ours || e.altKey) return;
    e.preventDefault();
    if (e.repeat && keysOut >= REPEATS) return;
    keysOut++;
    dotnet.invokeMethodAsync('Key', key, ctrl, e.shiftKey, e.altKey).catch(() => {}).finally(() => keysOut--);
  });

  // A thumbnail that is there takes the place of the icon (preview.css); one that cannot be shown does not. One that was cut off is "loaded" for its size alone: what can be drawn is known when it was decoded.
  const loaded = picture => picture.decode().then(() => { picture.dataset.loaded = ''; }, () => { delete picture.dataset.loaded; });
  on('load', e => { if (e.target.matches?.('img')) loaded(e.target); }, { capture: true });
  on('error', e => { if (e.target.matches?.('img')) delete e.target.dataset.loaded; }, { capture: true });
  for (const picture of el.querySelectorAll('img')) if (picture.complete && picture.naturalWidth > 0) loaded(picture);

  const rowOf = e => e.target.closest?.('[data-n]');
  const send = (kind, row, e) => dotnet.invokeMethodAsync('Point', kind, row.dataset.n, row.dataset.i, e.ctrlKey || e.metaKey, e.shiftKey, e.clientX, e.clientY).catch(() => {});
  const isControl = e => e.target.closest?.('button, input');

  on('mousedown', e => {
    if (!rowOf(e) || isControl(e) || e.button === 1) return;
    e.preventDefault(); // no text selection, no focus on the link: focus stays on the list
    el.focus({ preventScroll: true });
  });

  on('click', e => {
    const row = rowOf(e);
    if (!row || isControl(e)) return;
    e.preventDefault();
    if (pressed) { pressed = false; return; }
    lastTouch = e.pointerType === 'touch';
    if (e.target.closest('.vp-check')) send('toggle', row, e);
    else if (lastTouch) send(el.dataset.selecting === 'true' ? 'toggle' : 'open', row, e);
    else send('click', row, e);
  });

  on('dblclick', e => {
    const row = rowOf(e);
    if (row && !isControl(e) && !lastTouch && !e.target.closest('.vp-check')) send('open', row, e);
  });

  on('contextmenu', e => {
    const row = rowOf(e);
    if (e.target.matches('input')) return; // a field's own: paste
    // The menu key has been answered as a key.
    if (row || (e.target === el && e.button !== 2)) e.preventDefault();
    if (row && !touching) send('menu', row, e);
  });

  // A long press selects; the click that ends it does nothing.
  let touching = false, pressed = false, timer = 0, from = null;
  const release = () => { clearTimeout(timer); touching = false; };
  on('pointerdown', e => {
    const row = rowOf(e);
    pressed = false;
    if (e.pointerType !== 'touch' || !row || isControl(e)) return;
    touching = true;
    from = { x: e.clientX, y: e.clientY };
    timer = setTimeout(() => { pressed = true; send('toggle', row, e); navigator.vibrate?.(10); }, LONG_PRESS);
  });
  on('pointermove', e => { if (touching && Math.hypot(e.clientX - from.x, e.clientY - from.y) > 10) release(); });
  on('pointerup', release);
  on('pointercancel', release);

  if (takesFocus) {
    const scrollBy = px => { moveTo(top + px); need(false); };
    attachMarquee({ element: el, sight, layer, tiled: 'tiled' in el.dataset, top: () => top, rowHeight: () => rowHeight, cols: () => cols, scrollBy }, dotnet, listening.signal);
  }

  measure();
  place();
  // The row at the cursor was put in sight before there was somebody to do it.
  if (Number(reveal.split(':')[0]) > 0) moveTo(sightOf(0));
  need(true);
  takeFocus();
  el.dataset.ready = '';

  return {
    focus() { el.focus({ preventScroll: true }); },
    /** Where a menu for the row at the cursor belongs. */
    cursorPoint() {
      const row = document.getElementById(el.getAttribute('aria-activedescendant'));
      const box = (row ?? el).getBoundingClientRect();
      return [box.left + 48, Math.min(box.bottom, innerHeight - 40)];
    },
    dispose() {
      listening.abort();
      redraws.disconnect();
      resizes.disconnect();
      clearTimeout(timer);
    },
  };
}
