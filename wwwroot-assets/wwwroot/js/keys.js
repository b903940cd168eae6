// Keys of commands, wherever on the page the focus is: fields keep theirs, buttons keep Enter and Space, and menus and dialogs
// keep all. What the list itself answers (arrows, letters) it has taken before; see viewport.js.

const FIELDS = 'input, textarea, select, [contenteditable], [role=menu], [role=tree], [role=dialog], [role=slider], [role=separator]';

/** As KeyChord.Code on the server: what is held down, a hyphen, the key. */
function chordOf(e) {
  const ctrl = e.ctrlKey || e.metaKey;
  let key = e.key;
  // Where Shift or Alt makes another character of it: the key that is printed on it.
  if (ctrl && e.shiftKey && /^Digit\d$/.test(e.code)) key = e.code.slice(5);
  else if (e.altKey && /^Key[A-Z]$/.test(e.code)) key = e.code.slice(3);
  const sign = key.length === 1 && !ctrl && !e.altKey && !/[a-z0-9 ]/i.test(key);
  const shift = e.shiftKey && !sign;
  // On a Mac ⌘I is what Alt+Enter is elsewhere; Ctrl+I turns the selection round there, too.
  if (e.metaKey && !e.shiftKey && !e.altKey && key.toLowerCase() === 'i') return { key: 'Enter', ctrl: false, shift: false, alt: true, code: 'a-enter' };
  return { key, ctrl, shift, alt: e.altKey, code: `${ctrl ? 'c' : ''}${e.altKey ? 'a' : ''}${shift ? 's' : ''}-${key.toLowerCase()}` };
}

export function attach(root, dotnet, codes) {
  const chords = new Set(codes.split('\n'));
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const isOurs = target => target === document.body || target.id === 'content' || root.contains(target);

  document.addEventListener('keydown', e => {
    if (e.defaultPrevented || !isOurs(e.target) || e.target.closest(FIELDS) || document.querySelector('.rz-dialog, dialog[open]')) return;
    const chord = chordOf(e);
    if (!chords.has(chord.code)) return;
    if (['Enter', ' '].includes(e.key) && e.target.closest('button, a, summary')) return;
    e.preventDefault();
    if (!e.repeat) dotnet.invokeMethodAsync('Press', chord.key, chord.ctrl, chord.shift, chord.alt).catch(() => {});
  }, options);

  // Where no row is: the menu of the folder.
  root.addEventListener('contextmenu', e => {
    if (e.defaultPrevented || !e.target.closest('.vp, .files-state') || e.target.closest('a, input, [data-n], .vp-head')) return;
    e.preventDefault();
    dotnet.invokeMethodAsync('FolderMenu', e.clientX, e.clientY).catch(() => {});
  }, options);

  root.dataset.ready = '';
  return { dispose() { listening.abort(); } };
}
