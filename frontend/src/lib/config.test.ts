import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';

import { server } from '../testing/server';
import { DEFAULT_CONFIG, loadConfig, parseConfig } from './config';

describe('parseConfig', () => {
  it('takes the poll interval', () => {
    expect(parseConfig({ pollInterval: 250 })).toEqual({ pollInterval: 250 });
  });

  it.each([null, 'text', [], {}, { pollInterval: 0 }, { pollInterval: -1 }, { pollInterval: '5s' }])(
    'falls back to the default for %j',
    (value) => {
      expect(parseConfig(value)).toEqual(DEFAULT_CONFIG);
    },
  );
});

describe('loadConfig', () => {
  it('reads /config.json', async () => {
    server.use(http.get('*/config.json', () => HttpResponse.json({ pollInterval: 1234 })));
    expect(await loadConfig()).toEqual({ pollInterval: 1234 });
  });

  it('warns and uses the default where the file is missing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    server.use(http.get('*/config.json', () => new HttpResponse(null, { status: 404 })));
    expect(await loadConfig()).toEqual(DEFAULT_CONFIG);
    expect(warn).toHaveBeenCalledOnce();
  });
});
