import styles from './Skeleton.module.css';

/** The place of what is not there yet, for the eye alone: say in words what is on its way. */
export function Skeleton({ className = '' }: { className?: string | undefined }) {
  return <span aria-hidden="true" className={[styles.skeleton, className].join(' ')} />;
}
