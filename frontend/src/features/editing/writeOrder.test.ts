import { describe, expect, it } from 'vitest';

import type { Precondition } from '../../lib/api/client';
import { WriteOrder } from './writeOrder';

const at = (version: number): Promise<Precondition> => Promise.resolve({ version });

/** A write that is answered when the test says so. */
function held() {
  const sent: Precondition[] = [];
  let answer: (left: Precondition) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const send = (precondition: Precondition) => {
    sent.push(precondition);
    return new Promise<Precondition>((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
  };
  const began = () => expect.poll(() => sent.length).toBe(1);
  return {
    sent,
    send,
    began,
    answer: (left: Precondition) => {
      answer(left);
    },
    fail: () => {
      fail(new Error('refused'));
    },
  };
}

describe('writes of one coin', () => {
  it('are sent one after another', async () => {
    const order = new WriteOrder();
    const [first, second] = [held(), held()];
    const done = order.run('ETH', at(1), first.send);
    const next = order.run('ETH', at(1), second.send);
    await first.began();
    expect(second.sent).toEqual([]);
    first.answer({ version: 2 });
    expect(await done).toEqual({ version: 2 });
    await second.began();
    second.answer({ version: 3 });
    expect(await next).toEqual({ version: 3 });
  });

  it('may go on from what the one before left', async () => {
    const order = new WriteOrder();
    const [first, second] = [held(), held()];
    void order.run('ETH', at(1), first.send);
    const left = order.after('ETH');
    expect(left).toBeDefined();
    void order.run('ETH', left ?? at(0), second.send);
    await first.began();
    first.answer({ version: 7 });
    await second.began();
    expect(second.sent).toEqual([{ version: 7 }]);
  });

  it('go on from what was there before one that failed', async () => {
    const order = new WriteOrder();
    const [first, second] = [held(), held()];
    const failed = order.run('ETH', at(1), first.send).catch((error: unknown) => error);
    void order.run('ETH', order.after('ETH') ?? at(0), second.send);
    await first.began();
    first.fail();
    expect(await failed).toBeInstanceOf(Error);
    await second.began();
    expect(second.sent).toEqual([{ version: 1 }]);
  });
});

it('writes of two coins do not wait for each other', async () => {
  const order = new WriteOrder();
  const [first, second] = [held(), held()];
  void order.run('ETH', at(1), first.send);
  void order.run('BTC', at(4), second.send);
  await first.began();
  await second.began();
  expect(second.sent).toEqual([{ version: 4 }]);
});
