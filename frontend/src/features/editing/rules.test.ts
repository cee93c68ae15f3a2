import { describe, expect, it } from 'vitest';

import { normalSymbol, priceProblem, symbolProblem } from './rules';

describe('a symbol', () => {
  it('is stored upper-case without spaces around it', () => {
    expect(normalSymbol(' btc ')).toBe('BTC');
  });

  it.each(['B', 'btc', '1INCH', 'ABCDEFGHIJ'])('may be %s', (symbol) => {
    expect(symbolProblem(symbol)).toBeNull();
  });

  it.each(['', ' ', 'ABCDEFGHIJK', 'B-C', 'B C', 'Ä', '₿'])('may not be %j', (symbol) => {
    expect(symbolProblem(symbol)).toMatch(/letters and digits/);
  });
});

describe('a price', () => {
  it.each(['0', '43000', '2147483647', ' 7 '])('may be %j', (price) => {
    expect(priceProblem(price)).toBeNull();
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', '43,000', 'many'])('may not be %j', (price) => {
    expect(priceProblem(price)).toMatch(/whole number/);
  });

  it.each(['2147483648', '99999999999999999999'])('may not be as high as %s', (price) => {
    expect(priceProblem(price)).toMatch(/at most/);
  });
});
