import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import type { ApiError } from '../../lib/api/errors';
import { formatSince } from '../../lib/format';
import { useOnline } from '../../lib/hooks';

interface FailureProps {
  error: ApiError;
  /** When what is shown was read, in milliseconds since 1970; undefined where nothing is shown. */
  updatedAt: number | undefined;
  onRetry: () => void;
}

/** Why the ranking is not, or no longer, what is stored. */
export function Failure({ error, updatedAt, onRetry }: FailureProps) {
  const online = useOnline();
  const reason = online
    ? error.message
    : 'This device has no network. The page goes on as soon as it has one.';
  const action = <Button onClick={onRetry}>Try again</Button>;
  if (updatedAt === undefined) {
    return (
      <Notice tone="danger" title="The ranking could not be loaded" action={action}>
        {reason}
      </Notice>
    );
  }
  const since = formatSince(new Date(updatedAt), new Date());
  return (
    <Notice
      tone="warning"
      title={online ? `Prices as of ${since}: updating them fails` : `Offline: prices as of ${since}`}
      action={action}
    >
      {reason}
    </Notice>
  );
}
