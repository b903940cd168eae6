// A lost connection is a banner, not a wall: the list can still be read. Blazor tells of it by classes on the element. When the
// server does not know this page any more it is loaded again: its address says what to show. Uploads live in the page and go on without
// Blazor, also with a server that was started anew: they end first.

const banner = document.getElementById('components-reconnect-modal');

new MutationObserver(() => {
  if (banner.classList.contains('components-reconnect-rejected')) renew();
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

banner.querySelector('[data-reconnect]').addEventListener('click', async () => {
  try {
    if (!await Blazor.reconnect()) renew();
  } catch {
    banner.className = 'reconnect components-reconnect-failed';
  }
});
