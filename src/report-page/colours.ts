let styles = getComputedStyle(document.documentElement);

/** A colour of the page's style, light or dark as it is: canvases do not follow the style by themselves. */
export const colour = (name: string): string => styles.getPropertyValue(`--${name}`).trim();

/** Switches between light and dark, and tells who draws. What the system prefers holds until somebody chooses. */
export function themeSwitch(button: HTMLElement | null, redraw: () => void): void {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    styles = getComputedStyle(root);
    redraw();
  };
  dark.addEventListener('change', apply);
  button?.addEventListener('click', () => {
    const isDark = root.dataset.theme === undefined ? dark.matches : root.dataset.theme === 'dark';
    root.dataset.theme = isDark ? 'light' : 'dark';
    apply();
  });
}
