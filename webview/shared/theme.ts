/** The value of a colour of the current theme, e.g. `--vscode-charts-blue`. */
export function themeColor(name: `--vscode-${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || 'currentColor';
}

/** Calls `listener` whenever the user changes the theme. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return () => observer.disconnect();
}
