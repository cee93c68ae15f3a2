import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useAnnounce } from '../../components/Announcer';
import { useCacheReportQuery } from '../../lib/api/cacheReport';
import { useApi } from '../../lib/api/context';
import { describePriming, primedAfter } from './priming';

const LOOK_MS = 1000;
const LOOKS = 60;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));

/** Primes the cache: under way until the cache report tells of its end, or for a minute. */
export function usePriming() {
  const api = useApi();
  const announce = useAnnounce();
  const queries = useQueryClient();
  const query = useCacheReportQuery();
  const read = async () => (await queries.query({ ...query, staleTime: 0 })).data;
  return useMutation({
    mutationFn: async () => {
      const before = await read();
      await api.prime();
      return primedAfter(before, read, pause, LOOKS);
    },
    onSuccess: (report) => {
      announce(describePriming(report));
    },
    onError: ({ message }) => {
      announce(`Priming failed. ${message}`);
    },
  });
}
