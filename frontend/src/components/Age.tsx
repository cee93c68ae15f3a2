import { formatAge, formatMoment } from '../lib/format';
import { useNow } from '../lib/hooks';

const TICK_MS = 5000;

/** How long ago something happened, at an ISO 8601 time, as that goes on; the exact moment on hover. */
export function Age({ time }: { time: string }) {
  const now = useNow(TICK_MS);
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatMoment(moment)}>
      {formatAge(moment, now)}
    </time>
  );
}
