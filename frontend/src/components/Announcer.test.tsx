import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { Announcer, useAnnounce, useWhisper } from './Announcer';
import { Button } from './Button';
import { Dialog } from './Dialog';

const status = () => screen.getByRole('status');
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

/** A page with a button for each thing that can be said, and a dialog whose button says so while it closes it. */
function Page({ undo }: { undo: (what: string) => void }) {
  const announce = useAnnounce();
  const whisper = useWhisper();
  const [isOpen, setOpen] = useState(false);
  const offer = (what: string) => {
    const run = () => {
      undo(what);
    };
    announce(`Deleted ${what}.`, { label: `Undo ${what}`, run });
  };
  const ways = {
    'Delete A': () => {
      offer('A');
    },
    'Delete B': () => {
      offer('B');
    },
    Announce: () => {
      announce('Refused.');
    },
    Whisper: () => {
      whisper('Read.');
    },
    Ask: () => {
      setOpen(true);
    },
  };
  const keep = () => {
    setOpen(false);
    announce('Kept.');
  };
  return (
    <>
      {Object.entries(ways).map(([name, go]) => (
        <Button key={name} onClick={go}>
          {name}
        </Button>
      ))}
      {isOpen && (
        <Dialog kind="question" title="Keep it?" onClose={keep}>
          <Button onClick={keep}>Keep</Button>
        </Dialog>
      )}
    </>
  );
}

function show() {
  const undo = vi.fn();
  render(
    <Announcer>
      <Page undo={undo} />
    </Announcer>,
  );
  return undo;
}

describe('what a message offers', () => {
  it('outlasts what is said after it', async () => {
    const undo = show();
    await press('Delete A');
    await press('Announce');
    await press('Whisper');
    expect(status().textContent).toBe('Read.');
    await press('Undo A');
    expect(undo).toHaveBeenCalledWith('A');
    expect(screen.queryByRole('button', { name: 'Undo A' })).toBeNull();
  });

  it('stands beside what another offers, and Control+Z takes the newest', async () => {
    const undo = show();
    await press('Delete A');
    await press('Delete B');
    await userEvent.keyboard('{Control>}z{/Control}');
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(undo.mock.calls).toEqual([['B'], ['A']]);
  });

  it('is the first stop of the page', async () => {
    show();
    await press('Delete A');
    (document.activeElement as HTMLElement).blur();
    await userEvent.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Undo A' }));
  });

  it('is gone once it is dismissed', async () => {
    const undo = show();
    await press('Delete A');
    await press('Dismiss');
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(undo).not.toHaveBeenCalled();
  });
});

describe('the live region', () => {
  it('has the same text anew where it is said again', async () => {
    show();
    await press('Announce');
    const before = status().firstElementChild;
    await press('Announce');
    expect(status().textContent).toBe('Refused.');
    expect(status().firstElementChild).not.toBe(before);
  });

  it('is empty at first where it moves to, and then says what was said meanwhile', async () => {
    show();
    await press('Ask');
    expect(screen.getByRole('dialog').contains(status())).toBe(true);
    const said: string[] = [];
    const before = status();
    const watch = new MutationObserver(() => {
      if (status() !== before) said.push(status().textContent);
    });
    watch.observe(document.body, { subtree: true, childList: true });
    await press('Keep');
    await expect.poll(() => status().textContent).toBe('Kept.');
    watch.disconnect();
    expect(said[0]).toBe('');
  });
});

it('a click beside a question does not answer it', async () => {
  show();
  await press('Ask');
  await userEvent.click(screen.getByRole('dialog'));
  expect(screen.getByRole('dialog')).toBeTruthy();
});
