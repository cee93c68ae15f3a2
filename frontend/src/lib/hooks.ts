import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type FocusEvent,
  type RefObject,
} from 'react';

/** The time, anew every `intervalMs`. */
export function useNow(intervalMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(new Date());
    }, intervalMs);
    return () => {
      clearInterval(timer);
    };
  }, [intervalMs]);
  return now;
}

/** A ref for the element that opened something and gets the focus back when `open` ends. */
export function useFocusReturn<T extends HTMLElement>(open: boolean): RefObject<T> {
  const ref = useRef<T>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open) ref.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return ref;
}

/**
 * A ref and a handler for an element that may vanish with the focus in it, because one used what it offers: the focus
 * goes back to where it came from.
 */
export function useFocusOrigin<T extends HTMLElement>(): {
  ref: RefObject<T>;
  onFocus: (event: FocusEvent) => void;
} {
  const ref = useRef<T>(null);
  const origin = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element?.contains(document.activeElement)) origin.current?.focus();
    };
  }, []);
  const onFocus = useCallback(({ currentTarget, relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget)) {
      origin.current = relatedTarget;
    }
  }, []);
  return { ref, onFocus };
}

/** Whether a media query holds, as it changes. */
export function useMediaQuery(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  const subscribe = useCallback(
    (listener: () => void) => {
      list.addEventListener('change', listener);
      return () => {
        list.removeEventListener('change', listener);
      };
    },
    [list],
  );
  return useSyncExternalStore(subscribe, () => list.matches);
}

/** Whether the browser believes to have a network. Without one, a stack on this very machine is still in reach. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
}

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** The pixels of one rem. */
export function useRootFontSize(): number {
  return useMemo(() => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16, []);
}
