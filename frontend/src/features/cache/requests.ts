/** What was asked, in words: `Ranking 1–100` for `GET /bitcoins?limit=100&offset=0`. */
export function describeRequest(method: string, path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://page.invalid');
  const coin = /^\/bitcoins\/([^/]+)(\/rank)?$/.exec(pathname);
  if (coin?.[1] !== undefined) return coinRequest(method, decodeURIComponent(coin[1]), coin[2] !== undefined);
  if (pathname !== '/bitcoins') return `${method} ${path}`;
  if (method === 'POST') return 'Add a coin';
  const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
  return `Ranking ${offset + 1}–${offset + limit}`;
}

function coinRequest(method: string, symbol: string, ofRank: boolean): string {
  if (ofRank) return `Rank of ${symbol}`;
  if (method === 'PUT') return `Set ${symbol}`;
  return method === 'DELETE' ? `Delete ${symbol}` : symbol;
}
