import styles from './icons.module.css';

/** Drawings for buttons that have a name besides. */

const icon = (path: string) => (
  <svg className={styles.icon} viewBox="0 0 16 16" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const TRASH = icon('M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.6 7.2v3.8M9.4 7.2v3.8');
export const CHECK = icon('M3 8.6l3.3 3.3L13 4.8');
export const CROSS = icon('M4 4l8 8M12 4l-8 8');
