import { render, screen } from '@testing-library/react';
import { expect, it, onTestFinished, vi } from 'vitest';

import { ErrorBoundary } from './ErrorBoundary';

function Broken(): never {
  throw new Error('a bug');
}

/** Keeps jsdom from printing the error that the test expects. */
function expectUncaughtErrors() {
  const quiet = (event: ErrorEvent) => {
    event.preventDefault();
  };
  window.addEventListener('error', quiet);
  onTestFinished(() => {
    window.removeEventListener('error', quiet);
  });
}

it('shows a way on where the page is broken, and logs why', () => {
  expectUncaughtErrors();
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  render(
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
  );
  expect(screen.getByText('The page broke')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy();
  expect(log).toHaveBeenCalledWith('The page broke', expect.any(Error), expect.any(String));
});
