// A lost connection is a banner, not a wall: the list can still be read. Blazor tells of it by classes on the element. When the
// server does not know this page any more it is loaded again: its address says what to show. Uploads live in the page and go on without
// Blazor, also with a server that was started anew: they end first.

const AGAIN = 15_000; // ms, when Blazor has given up, which it does after some minutes

const banner = document.getElementById('components-reconnect-modal');
let timer = 0;

new MutationObserver(() => {
  document.documentElement.toggleAttribute('data-offline', /components-reconnect-(show|failed)|uploads-first/.test(banner.className));
  if (banner.classList.contains('components-reconnect-rejected')) renew();
  if (banner.classList.contains('components-reconnect-failed')) timer ||= setTimeout(again, AGAIN);
}).observe(banner, { attributes: true, attributeFilter: ['class'] });

function renew() {
  if (!isUploading()) { location.reload(); return; }
  banner.className = 'reconnect uploads-first';
  const end = new MutationObserver(() => {
    if (isUploading()) return;
    end.disconnect();
    location.reload();
  });
  end.observe(document.documentElement, { attributes: true, attributeFilter: ['data-uploading'] });
}

const isUploading = () => document.documentElement.hasAttribute('data-uploading');

async function again() {
  clearTimeout(timer);
  timer = 0;
  try {
    if (!await Blazor.reconnect()) renew();
  } catch {
    banner.className = 'reconnect components-reconnect-failed';
  }
}

banner.querySelector('[data-reconnect]').addEventListener('click', again);
