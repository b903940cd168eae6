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
