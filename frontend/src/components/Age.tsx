import { formatAge, formatMoment } from '../lib/format';

interface AgeProps {
  /** ISO 8601. */
  time: string;
  now: Date;
}

/** How long ago something happened; the exact moment on hover. */
export function Age({ time, now }: AgeProps) {
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatMoment(moment)}>
      {formatAge(moment, now)}
    </time>
  );
}
