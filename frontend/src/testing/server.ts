import { setupServer } from 'msw/node';

/** Answers the requests of a test; starts without handlers, and fails what no handler expects. */
export const server = setupServer();
