// Dragging rows onto folders: in the list, in the path, in the tree. With the mouse alone; a touch scrolls, and has the menu.
// A drag begins after 6 px, so that a click stays a click; Ctrl makes a copy of it, Escape ends it.

import { takesAlong } from './pointing.js';

const ROW = '.file-row[data-n], .tile-item[data-n]';
const THRESHOLD = 6;
const EDGE = 48;  // px from the list's edge within which it scrolls by itself
const STEP = 18;

export function attach(root, dotnet) {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let from = null, label = null, target = null, timer = 0, at = null;

  /** Where a drop would go: a folder's row, or any link to a folder beside the list. */
  function targetAt(x, y) {
    const el = document.elementFromPoint(x, y);
    const row = el?.closest(ROW);
    if (row) return row.getAttribute('aria-selected') !== 'true' && row.matches('[data-folder]') ? row : null;
    const link = el?.closest('a[href^="/files/"], [data-folder]');
    return link && !link.closest('.shell-header') ? link : null;
  }

  function aim(e) {
    at = { x: e.clientX, y: e.clientY, copy: e.ctrlKey || e.metaKey };
    const next = targetAt(at.x, at.y);
    if (next !== target) {
      target?.classList.remove('drop-target');
      next?.classList.add('drop-target');
      target = next;
    }
    // Icons are text, too.
    const where = target?.querySelector('bdi')?.textContent || target?.title || target?.textContent.trim();
    label.textContent = `${at.copy ? 'Copy' : 'Move'} ${label.dataset.what}${target ? ` to ${where}` : ''}`;
    label.style.left = `${Math.max(8, Math.min(at.x + 14, innerWidth - label.offsetWidth - 8))}px`;
    label.style.top = `${Math.min(at.y + 16, innerHeight - label.offsetHeight - 8)}px`;
  }

  function begin(e) {
    const row = from.row;
    const selected = row.getAttribute('aria-selected') === 'true';
    const count = selected ? Number(root.querySelector('.selection strong')?.textContent.replace(/\D/g, '')) || 1 : 1;
    label = document.createElement('div');
    label.className = 'drag-label';
    label.dataset.what = count > 1 ? `${count.toLocaleString('en')} items` : row.querySelector('bdi')?.textContent ?? '1 item';
    document.body.append(label);
    root.classList.add('dragging');
    if (!selected) dotnet.invokeMethodAsync('DragRow', row.dataset.n, row.dataset.i).catch(() => {});
    timer = setInterval(scroll, 50);
    aim(e);
  }

  function scroll() {
    const list = root.querySelector('.vp');
    const box = list?.getBoundingClientRect();
    if (!box || !at || at.x < box.left || at.x > box.right) return;
    if (at.y > box.bottom - EDGE && at.y < box.bottom + EDGE) list.scrollTop += STEP;
    else if (at.y < box.top + EDGE + 40 && at.y > box.top - EDGE) list.scrollTop -= STEP;
  }

  function end() {
    clearInterval(timer);
    label?.remove();
    target?.classList.remove('drop-target');
    root.classList.remove('dragging');
    from = label = target = at = null;
  }

  root.addEventListener('mousedown', e => {
    const row = e.target.closest(ROW);
    if (e.button !== 0 || !row || !takesAlong(row, e.target) || e.target.closest('button, input, .vp-check') || e.shiftKey || row.getAttribute('aria-busy')) return;
    from = { row, x: e.clientX, y: e.clientY };
  }, options);

  document.addEventListener('mousemove', e => {
    if (!from) return;
    if (!(e.buttons & 1)) { end(); return; }
    if (label) aim(e);
    else if (Math.hypot(e.clientX - from.x, e.clientY - from.y) >= THRESHOLD) begin(e);
  }, options);

  document.addEventListener('mouseup', e => {
    if (!label) { from = null; return; }
    // The click that may follow, on the same row, belongs to the drag.
    const swallow = c => { c.preventDefault(); c.stopPropagation(); };
    document.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 0);
    const drop = targetAt(e.clientX, e.clientY);
    if (drop) {
      const isRow = drop.matches(ROW);
      dotnet.invokeMethodAsync('Drop', isRow ? drop.dataset.n : null, isRow ? drop.dataset.i : null,
        isRow ? null : drop.dataset.folder ?? drop.getAttribute('href'), e.ctrlKey || e.metaKey).catch(() => {});
    }
    end();
  }, options);

  document.addEventListener('keydown', e => {
    if (!label) return;
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); end(); }
    else if (e.key === 'Control' || e.key === 'Meta') aim({ clientX: at.x, clientY: at.y, ctrlKey: true });
  }, { ...options, capture: true });
  document.addEventListener('keyup', e => {
    if (label && (e.key === 'Control' || e.key === 'Meta')) aim({ clientX: at.x, clientY: at.y, ctrlKey: false });
  }, options);
  window.addEventListener('blur', end, options);

  return { dispose() { listening.abort(); end(); } };
}
