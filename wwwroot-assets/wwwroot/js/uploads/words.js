// Numbers and moments in the words of the rest of the page (SizeText, TimeText).

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(count) {
  let value = count, unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) { value /= 1024; unit++; }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`;
}

export const number = count => count.toLocaleString('en-US');

export const files = count => count === 1 ? '1 file' : `${number(count)} files`;

export function moment(ms) {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function duration(seconds) {
  const s = Math.ceil(seconds);
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

/** As NameText: what is invisible, or could turn the text around it, is made visible. */
export function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, c => c === '\u200D' ? c : c === '\n' ? '\\n' : c === '\t' ? '\\t' : `\\u${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** The last name of a percent-encoded path. */
export function nameOf(path) {
  const last = path.split('/').filter(Boolean).at(-1);
  if (!last) return 'Files';
  try { return visible(decodeURIComponent(last)); } catch { return last; }
}

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null));
  return node;
}

export const icon = symbol => make('span', { class: 'rzi', 'aria-hidden': 'true' }, symbol);
