import { expect, it } from 'vitest';

import { describeRequest } from './requests';

it.each([
  ['GET', '/bitcoins?limit=100&offset=0', 'Ranking 1–100'],
  ['GET', '/bitcoins?limit=50&offset=200', 'Ranking 201–250'],
  ['GET', '/bitcoins/BTC', 'BTC'],
  ['GET', '/bitcoins/%C3%84', 'Ä'],
  ['GET', '/bitcoins/BTC/rank', 'Rank of BTC'],
  ['POST', '/bitcoins', 'Add a coin'],
  ['PUT', '/bitcoins/BTC', 'Set BTC'],
  ['DELETE', '/bitcoins/BTC', 'Delete BTC'],
  ['GET', '/elsewhere?a=1', 'GET /elsewhere?a=1'],
])('%s %s is said as %j', (method, path, words) => {
  expect(describeRequest(method, path)).toBe(words);
});
