/** Saves a file: the answer is an attachment, so the page stays. */
export function download(url) {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** Where the list has gone, keys go to what took its place. */
export function focusIfLost(selector) {
  if (!document.activeElement || document.activeElement === document.body) document.querySelector(selector)?.focus({ preventScroll: true });
}

export function focus(selector) {
  document.querySelector(selector)?.focus();
}

/** Where a menu that hangs from a button belongs: below it, its right edge under the button's. */
export function below(selector) {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return box ? [box.right, box.bottom + 4] : [0, 0];
}

/** How the page is liked, for the next one. */
export function remember(name, text) {
  document.cookie = `${name}=${text}; path=/; max-age=31536000; samesite=strict`;
}

/** What has come so far is on the screen. */
export function drawn() {
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
}

export function width(selector) {
  return document.querySelector(selector)?.clientWidth ?? 0;
}

export function back() { history.back(); }

export function forward() { history.forward(); }

/** The focus in a field, with a part of its text selected: a name without its extension. */
export function focusRange(input, from, to) {
  input.focus();
  input.setSelectionRange(from, to);
}

/** A name in its row or tile; the list has brought it into sight itself. The field of a tile may be wider than the tile, and is within the list all the same. */
export function focusName(input, from, to) {
  const field = input.closest('.tile-item .name-edit'), list = input.closest('.vp');
  const place = () => {
    field.style.translate = '';
    const box = field.getBoundingClientRect(), room = list.getBoundingClientRect();
    const out = Math.max(0, room.left + 8 - box.left) - Math.max(0, box.right + 8 - (room.left + list.clientWidth));
    if (out) field.style.translate = `${out}px 0`;
  };
  if (field && list) new ResizeObserver(place).observe(field); // it grows with what is typed
  input.focus({ preventScroll: true });
  input.setSelectionRange(from, to);
}
