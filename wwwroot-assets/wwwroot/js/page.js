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

export function width(selector) {
  return document.querySelector(selector)?.clientWidth ?? 0;
}

/** Of an element in which a name can be typed comfortably: not by fingers, and not on a narrow page, where a keyboard covers half of it. */
export function hasRoomToType(selector) {
  return width(selector) > 440 && !matchMedia('(pointer: coarse)').matches;
}

export function back() { history.back(); }

export function forward() { history.forward(); }

/** The focus in a field, with a part of its text selected: a name without its extension. */
export function focusRange(input, from, to) {
  input.focus();
  input.setSelectionRange(from, to);
}
