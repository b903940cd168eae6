/** Saves a file: the answer is an attachment, so the page stays. */
export function download(url) {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** The address as the browser has it, with its percent-encoding untouched. */
export function address() {
  return location.href;
}
