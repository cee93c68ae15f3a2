// Before the first paint, so that a page that is kept dark never flashes white. The choice is made by src/app/theme.ts.
try {
  document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system';
} catch {
  // Without storage the page follows the system.
}
