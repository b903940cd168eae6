// A lost connection is a banner, not a wall: the list can still be read. Blazor tells of it by classes on the element. When the
// server does not know this page any more it is loaded again: its address says what to show.

const banner = document.getElementById('components-reconnect-modal');

new MutationObserver(() => {
  if (banner.classList.contains('components-reconnect-rejected')) location.reload();
}).observe(banner, { attributes: true, attributeFilter: ['class'] });

banner.querySelector('[data-reconnect]').addEventListener('click', async () => {
  try {
    if (!await Blazor.reconnect()) location.reload();
  } catch {
    banner.className = 'reconnect components-reconnect-failed';
  }
});
