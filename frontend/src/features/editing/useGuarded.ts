import type { MouseEvent } from 'react';

import { useAnnounce } from '../../components/Announcer';
import { useEditing } from './context';
import { REFUSED } from './messages';

/**
 * The properties of a button that begins a write. While writes are refused it stays in its place, and says why it does
 * nothing; its `run` is called otherwise, and where there is none the button submits its form.
 */
export function useGuarded(run?: () => void) {
  const { readOnly, reasonId } = useEditing();
  const announce = useAnnounce();
  const isOff = readOnly !== null;
  const onClick = (event: MouseEvent) => {
    if (isOff || isRepeated(event)) event.preventDefault();
    if (isOff) announce(REFUSED);
    else if (!isRepeated(event)) run?.();
  };
  return { onClick, 'aria-disabled': isOff, 'aria-describedby': isOff ? reasonId : undefined };
}

/** The second click of a double click was not meant for what has moved under the pointer since the first. */
export const isRepeated = ({ detail }: MouseEvent): boolean => detail > 1;
