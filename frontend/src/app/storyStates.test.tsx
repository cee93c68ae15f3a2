import { screen, waitFor } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { announced, serve } from '../testing/page';
import { server } from '../testing/server';
import { openStory, press, story } from '../testing/story';

describe('a story that cannot be told', () => {
  it('says that there is no such coin, and the way back', async () => {
    serve({ BTC: 43000 });
    const user = openStory('NONE');
    expect(await screen.findByText('There is no coin NONE.')).toBeTruthy();
    expect(story('NONE').getByText(/^1 · Redis MISS/)).toBeTruthy();
    await press(user, 'Back to the ranking');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('does not ask for what is no symbol', () => {
    serve({ BTC: 43000 });
    openStory('../b c');
    expect(story('No such coin').getByText('“../b c” is not a symbol')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Read again' })).toBeNull();
  });

  it('says what failed, and reads again on request', async () => {
    serve({ BTC: 43000 });
    server.use(http.get('*/api/v1/bitcoins/BTC', () => HttpResponse.error(), { once: true }));
    const user = openStory('BTC');
    expect(await story('BTC').findByText('BTC could not be read')).toBeTruthy();
    expect(story('BTC').getByText(/cannot be reached/)).toBeTruthy();
    expect(await story('BTC').findByText('1 · No answer from the API')).toBeTruthy();
    await press(user, 'Read again');
    expect(await story('BTC').findByText('43,000')).toBeTruthy();
    expect(screen.queryByText('BTC could not be read')).toBeNull();
    expect(await story('BTC').findByText(/^2 · Redis HIT/)).toBeTruthy();
  });

  it('keeps saying what failed while it is read again', async () => {
    serve({ BTC: 43000 });
    server.use(http.get('*/api/v1/bitcoins/BTC', () => HttpResponse.error(), { once: true }));
    const user = openStory('BTC');
    await story('BTC').findByText('BTC could not be read');
    server.use(http.get('*/api/v1/bitcoins/BTC', () => delay('infinite')));
    await press(user, 'Read again');
    expect(story('BTC').getByText('BTC could not be read')).toBeTruthy();
    expect(story('BTC').queryByText('Reading BTC…')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Read again');
  });

  it('keeps what is known where a later read fails', async () => {
    serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    server.use(
      http.get('*/api/v1/bitcoins/BTC', () => new HttpResponse(null, { status: 503 }), { once: true }),
    );
    await press(user, 'Read again');
    expect(await story('BTC').findByText('The last read failed')).toBeTruthy();
    expect(story('BTC').getByText('43,000')).toBeTruthy();
    expect(await story('BTC').findByText('2 · Failed with status 503')).toBeTruthy();
    await waitFor(() => {
      expect(announced()).toMatch(/^Not read\./);
    });
  });

  it('ends with the coin where that was deleted meanwhile', async () => {
    const api = serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    api.coins.delete('BTC');
    await press(user, 'Read again');
    expect(await story('BTC').findByText('There is no coin BTC.')).toBeTruthy();
    expect(story('BTC').queryByText('43,000')).toBeNull();
  });
});
