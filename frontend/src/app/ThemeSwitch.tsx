import { THEMES, useTheme } from './theme';
import styles from './ThemeSwitch.module.css';

const TITLES = { system: 'System', light: 'Light', dark: 'Dark' };

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">Theme</legend>
      {THEMES.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            value={choice}
            checked={choice === theme}
            onChange={() => {
              setTheme(choice);
            }}
          />
          <span>{TITLES[choice]}</span>
        </label>
      ))}
    </fieldset>
  );
}
