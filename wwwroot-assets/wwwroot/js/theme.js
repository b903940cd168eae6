// Light, dark, or as the system says. Both style sheets are linked; their media decide, so that a change of the system's
// mind needs no script. The choice is in a cookie: the server renders the right media into the first page.

const media = {
  light: { light: 'all', dark: 'not all' },
  dark: { light: 'not all', dark: 'all' },
  system: { light: '(prefers-color-scheme: light)', dark: '(prefers-color-scheme: dark)' },
};

export function choose(theme) {
  for (const link of document.querySelectorAll('link[data-theme]')) link.media = media[theme][link.dataset.theme];
  document.documentElement.dataset.theme = theme;
  document.cookie = `capstan-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}

export function current() {
  return document.documentElement.dataset.theme ?? 'system';
}
