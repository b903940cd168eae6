// The keyboard of the folder tree, and the handle that makes it wider.

const NAVIGATION = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter', ' '];

const MEMORY = 'capstan-tree';

export function attach(tree, splitter, dotnet) {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const page = splitter.closest('.files');

  tree.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(NAVIGATION.includes(e.key) || e.key.length === 1)) return;
    e.preventDefault();
    dotnet.invokeMethodAsync('Key', e.key).catch(() => {});
  }, options);

  // The active row is kept in sight.
  const sight = new MutationObserver(() => document.getElementById(tree.getAttribute('aria-activedescendant'))?.scrollIntoView({ block: 'nearest' }));
  sight.observe(tree, { attributes: true, attributeFilter: ['aria-activedescendant'] });

  const least = Number(splitter.getAttribute('aria-valuemin')), most = Number(splitter.getAttribute('aria-valuemax'));
  const widthOf = () => tree.parentElement.getBoundingClientRect().width;
  function widen(to) {
    const width = Math.round(Math.max(least, Math.min(most, to)));
    page.style.setProperty('--tree-w', `${width}px`);
    return width;
  }

  splitter.addEventListener('pointerdown', e => {
    if (e.button !== 0) return;
    e.preventDefault();
    splitter.setPointerCapture(e.pointerId);
    const start = e.clientX, before = widthOf();
    let width = before;
    const moving = new AbortController();
    splitter.addEventListener('pointermove', m => { width = widen(before + m.clientX - start); }, { signal: moving.signal });
    const end = () => { moving.abort(); dotnet.invokeMethodAsync('Resized', Math.round(width)).catch(() => {}); };
    splitter.addEventListener('pointerup', end, { once: true, signal: moving.signal });
    splitter.addEventListener('pointercancel', end, { once: true, signal: moving.signal });
  }, options);

  splitter.addEventListener('keydown', e => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[e.key];
    if (!step) return;
    e.preventDefault();
    dotnet.invokeMethodAsync('Resized', widen(widthOf() + step)).catch(() => {});
  }, options);

  // What is open, and how far down it is: for the page that this one is loaded again as. A tab has its own.
  function remember() {
    const open = [...tree.querySelectorAll('[aria-expanded=true][data-folder]')].map(row => row.dataset.folder).filter(path => path !== '');
    try { sessionStorage.setItem(MEMORY, JSON.stringify({ open, top: tree.scrollTop })); } catch { /* No room, or not allowed. */ }
  }
  addEventListener('pagehide', remember, options);

  return {
    remembered() {
      try {
        const { open, top } = JSON.parse(sessionStorage.getItem(MEMORY));
        return { open: open.filter(path => typeof path === 'string'), top: Number(top) || 0 };
      } catch {
        return { open: [], top: 0 };
      }
    },
    scrollTo(top) { tree.scrollTop = top; },
    dispose() { remember(); listening.abort(); sight.disconnect(); },
  };
}
