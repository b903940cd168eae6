// Bytes as they are, a page of them at a time, whatever the size of the file.

import { make, number } from '../uploads/words.js';
import { range } from './preview.js';

const PAGE = 4096;

export async function show(stage, item, signal) {
  const width = stage.clientWidth < 640 ? 8 : 16; // bytes a line
  const pages = Math.ceil(item.size / PAGE);
  const sheet = make('pre', { class: 'preview-hex', tabindex: '0', 'aria-label': `Bytes, ${width} a line`, role: 'region' });
  const where = make('span', { class: 'dim', role: 'status' });
  const go = (label, to) => make('button', { type: 'button', class: 'button', onclick: () => load(to()) }, label);
  const first = go('First', () => 0), back = go('Previous page', () => at - 1), on = go('Next page', () => at + 1), last = go('Last', () => pages - 1);
  const offset = make('input', { type: 'text', inputmode: 'text', 'aria-label': 'Go to offset, decimal or 0x…', placeholder: 'Offset', onchange: () => {
    const to = Number(offset.value);
    if (Number.isInteger(to) && to >= 0 && to < item.size) load(Math.floor(to / PAGE));
    offset.toggleAttribute('aria-invalid', !(to >= 0 && to < item.size));
  } });
  let at = 0;
  stage.append(make('div', { class: 'preview-hexbar' }, first, back, on, last, offset, where), sheet);

  async function load(page) {
    const from = page * PAGE;
    const part = await range(item, from, Math.min(PAGE, item.size - from), signal);
    at = page;
    const rows = [];
    for (let row = 0; row < part.length; row += width) {
      const some = Array.from(part.subarray(row, row + width));
      const digits = some.map((b, i) => (i === 8 ? ' ' : '') + b.toString(16).padStart(2, '0')).join(' ').padEnd(width * 3);
      rows.push(`${(from + row).toString(16).padStart(8, '0')}  ${digits}  ${some.map(b => b >= 32 && b < 127 ? String.fromCharCode(b) : '·').join('')}`);
    }
    sheet.textContent = rows.join('\n');
    first.disabled = back.disabled = page === 0;
    on.disabled = last.disabled = page === pages - 1;
    where.textContent = `Bytes ${number(from)} to ${number(from + part.length - 1)} of ${number(item.size)}`;
  }

  await load(0);
}
