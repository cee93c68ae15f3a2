import { useMutationState } from '@tanstack/react-query';

/** A write as its page may show it before the API has answered. */
export type Write =
  /** `version` is that which the coin has afterwards, if the write happens. */
  | { kind: 'set'; symbol: string; price: number; version: number }
  /** `version` is that which is deleted. */
  | { kind: 'delete'; symbol: string; version: number };

/** The key of every mutation whose variables are a `Write`. It is pending until the API has answered. */
export const WRITE_KEY = ['write'] as const;

/** The writes that are under way, oldest first. */
export function usePendingWrites(): Write[] {
  return useMutationState({
    filters: { mutationKey: WRITE_KEY, status: 'pending' },
    select: (mutation) => mutation.state.variables as Write,
  });
}
