import { useState } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Where public/theme.js looks for it, too. */
const KEY = 'theme';

/** The page's theme, kept for the next visit where the browser allows it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const { dataset } = document.documentElement;
  const [theme, setTheme] = useState(() => THEMES.find((known) => known === dataset.theme) ?? 'system');
  return [
    theme,
    (chosen) => {
      setTheme(chosen);
      document.documentElement.dataset.theme = chosen;
      try {
        localStorage.setItem(KEY, chosen);
      } catch (error) {
        console.warn('The theme is not kept for the next visit:', error);
      }
    },
  ];
}
