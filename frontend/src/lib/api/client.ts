import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';

import { ApiError, toApiError } from './errors';
import {
  parseCacheStatus,
  parseServerTiming,
  parseVersion,
  type CacheStatus,
  type ServerTiming,
} from './headers';
import type { Bitcoin, CacheReport, NewBitcoin, Ranking } from './types';

/** Where an answer came from and how long it took. */
export interface Origin {
  /** What the cache said, or null where the answer carries no `Cache-Status`. */
  cache: CacheStatus | null;
  timings: ServerTiming[];
  version: number | null;
  /** From the request's start to the whole answer, seen from the browser. */
  roundTripMs: number;
}

export interface Answer<T> {
  data: T;
  origin: Origin;
}

/** The REST API. Every method rejects with an `ApiError`, or with axios's cancellation when its signal fires. */
export interface ApiClient {
  ranking: (limit: number, offset: number, signal: AbortSignal) => Promise<Answer<Ranking>>;
  cacheReport: (signal: AbortSignal) => Promise<Answer<CacheReport>>;
  addBitcoin: (coin: NewBitcoin) => Promise<Answer<Bitcoin>>;
  setPrice: (symbol: string, price: number) => Promise<Answer<Bitcoin>>;
  deleteBitcoin: (symbol: string) => Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** A client of the API below `baseURL`. */
export function createApiClient(baseURL = '/api/v1'): ApiClient {
  const http = axios.create({ baseURL, timeout: TIMEOUT_MS });

  async function send<T>(
    config: AxiosRequestConfig,
  ): Promise<{ response: AxiosResponse<T>; roundTripMs: number }> {
    const start = performance.now();
    try {
      const response = await http.request<T>(config);
      return { response, roundTripMs: performance.now() - start };
    } catch (error) {
      throw axios.isCancel(error) ? error : toApiError(error);
    }
  }

  async function ask<T extends object>(config: AxiosRequestConfig): Promise<Answer<T>> {
    const { response, roundTripMs } = await send<T>(config);
    return { data: jsonOf(response), origin: originOf(response, roundTripMs) };
  }

  return {
    ranking: (limit, offset, signal) => ask({ url: '/bitcoins', params: { limit, offset }, signal }),
    cacheReport: (signal) => ask({ url: '/cache', signal }),
    addBitcoin: (coin) => ask({ method: 'POST', url: '/bitcoins', data: coin }),
    setPrice: (symbol, price) => ask({ method: 'PUT', url: coinPath(symbol), data: { price } }),
    deleteBitcoin: async (symbol) => {
      await send({ method: 'DELETE', url: coinPath(symbol) });
    },
  };
}

function coinPath(symbol: string): string {
  return `/bitcoins/${encodeURIComponent(symbol)}`;
}

/** A web server that answers every path with its own page would pass for the API otherwise. */
function jsonOf<T extends object>(response: AxiosResponse<T>): T {
  const body: unknown = response.data;
  if (typeof body === 'object' && body !== null) return response.data;
  throw new ApiError('Something other than the API answered. Check what serves /api.', response.status, [], {
    cause: response,
  });
}

function originOf(response: AxiosResponse, roundTripMs: number): Origin {
  const header = (name: string): string => {
    const value: unknown = response.headers[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    cache: parseCacheStatus(header('cache-status'))[0] ?? null,
    timings: parseServerTiming(header('server-timing')),
    version: parseVersion(header('etag')),
    roundTripMs,
  };
}
