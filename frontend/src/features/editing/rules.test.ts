import { describe, expect, it } from 'vitest';

import { MAX_PRICE } from '../../lib/api/rules';
import { isEmpty, normalSymbol, priceProblem, symbolProblem } from './rules';

describe('a symbol', () => {
  it('is stored upper-case without spaces around it', () => {
    expect(normalSymbol(' btc ')).toBe('BTC');
  });

  it.each(['B', 'btc', '1INCH', 'ABCDEFGHIJ', ' BTC '])('may be %j', (symbol) => {
    expect(symbolProblem(symbol)).toBeNull();
  });

  // The last four become letters of A to Z by upper-casing; the API looks before it does that.
  it.each(['B-C', 'B C', 'Ä', '₿', 'B-CDEFGHIJK', 'ß', 'ı', 'ſ', 'ﬁ'])('may not be %j', (symbol) => {
    expect(symbolProblem(symbol)).toMatch(/letters and digits only/);
  });

  it('may not have more than ten characters', () => {
    expect(symbolProblem('ABCDEFGHIJK')).toMatch(/at most 10/);
  });

  it.each(['', ' '])('has to be typed where there is %j', (symbol) => {
    expect(symbolProblem(symbol)).toMatch(/^Type a symbol/);
  });
});

describe('a price', () => {
  it.each(['0', '43000', '007', `${MAX_PRICE}`, ' 7 '])('may be %j', (price) => {
    expect(priceProblem(price)).toBeNull();
  });

  it.each(['-1', '1.5', '1e3', '0x10', '43,000', 'many', '٤'])('may not be %j', (price) => {
    expect(priceProblem(price)).toMatch(/whole number/);
  });

  it.each([`${MAX_PRICE + 1}`, '99999999999999999999'])('may not be as high as %s', (price) => {
    expect(priceProblem(price)).toMatch(/at most/);
  });

  it.each(['', ' '])('has to be typed where there is %j', (price) => {
    expect(priceProblem(price)).toMatch(/^Type a price/);
  });
});

it('what is wrong as far as it is typed stays wrong whatever follows, but for what is empty', () => {
  for (const start of ['-', 'B C', 'ABCDEFGHIJK', '1.', '99999999999', 'Ä']) {
    for (const next of ['A', '1', ' A', '.5']) {
      if (symbolProblem(start) !== null) expect(symbolProblem(start + next)).not.toBeNull();
      if (priceProblem(start) !== null) expect(priceProblem(start + next)).not.toBeNull();
    }
  }
  expect(isEmpty(' ')).toBe(true);
});
