import type { MessageAction } from '../../components/announcerMessages';
import type { Precondition } from '../../lib/api/client';
import type { ApiError } from '../../lib/api/errors';
import type { Bitcoin } from '../../lib/api/types';
import type { Write } from '../../lib/api/writes';
import type { Failure } from './failures';

/** A coin as a person saw it when they began to change it. */
export interface Seen {
  symbol: string;
  price: number;
  version: number;
  /** The coin as it was stored then; settles when the page's own writes before it are answered. Never rejects. */
  stored: Promise<Precondition>;
}

/** Keeps what was typed for a write that failed; what it returns is offered with the message about that. */
export type Recover = (error: ApiError, failure: Failure) => MessageAction | undefined;

interface Reasons {
  /** The price that was seen, or null where no coin was. */
  was: number | null;
  /** What it may replace. */
  stored: Promise<Precondition>;
  recover: Recover;
}

export type Setting = Extract<Write, { kind: 'set' }> & Reasons & { purpose: 'add' | 'edit' | 'restore' };
export type Deletion = Extract<Write, { kind: 'delete' }> & Reasons & { purpose: 'delete'; seen: Seen };

/** A write, and what one has to know to make it, to tell of it and to take it back. */
export type Change = Setting | Deletion;

const ABSENT: Precondition = 'absent';

/** A coin as it was read. */
export function seenAs({ symbol, price, version }: Bitcoin): Seen {
  return { symbol, price, version, stored: Promise.resolve({ version }) };
}

export function addition(symbol: string, price: number, recover: Recover): Setting {
  const stored = Promise.resolve(ABSENT);
  return { kind: 'set', purpose: 'add', symbol, price, version: 1, was: null, stored, recover };
}

export function edit(seen: Seen, price: number, recover: Recover): Setting {
  const { symbol, price: was, stored } = seen;
  return { kind: 'set', purpose: 'edit', symbol, price, version: seen.version + 1, was, stored, recover };
}

export function deletion(seen: Seen): Deletion {
  const { symbol, price: was, version, stored } = seen;
  return { kind: 'delete', purpose: 'delete', symbol, version, was, stored, recover: nothing, seen };
}

/** Adds a coin that was deleted, if nobody did so meanwhile; `version` is that which it gets, as far as that is known. */
export function restoration(symbol: string, price: number, version: number): Setting {
  const stored = Promise.resolve(ABSENT);
  return { kind: 'set', purpose: 'restore', symbol, price, version, was: null, stored, recover: nothing };
}

const nothing: Recover = () => undefined;
