import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';

import { ApiError, toApiError } from './errors';
import type { Exchange } from './exchanges';
import { originOf, type Origin } from './origin';
import type { Bitcoin, CacheReport, Eviction, NewBitcoin, PrimingStart, Rank, Ranking } from './types';

export interface Answer<T> {
  data: T;
  origin: Origin;
}

/** What has to hold for a write to happen: the coin is of this version, or there is none. Else the API answers 412. */
export type Precondition = { version: number } | 'absent';

/** The REST API. Every method rejects with an `ApiError`, or with axios's cancellation when its signal fires. */
export interface ApiClient {
  ranking: (limit: number, offset: number, signal: AbortSignal) => Promise<Answer<Ranking>>;
  coin: (symbol: string, signal?: AbortSignal) => Promise<Answer<Bitcoin>>;
  rank: (symbol: string, signal: AbortSignal) => Promise<Answer<Rank>>;
  cacheReport: (signal: AbortSignal) => Promise<Answer<CacheReport>>;
  addBitcoin: (coin: NewBitcoin) => Promise<Answer<Bitcoin>>;
  setPrice: (symbol: string, price: number, precondition: Precondition) => Promise<Answer<Bitcoin>>;
  deleteBitcoin: (symbol: string, precondition: Precondition) => Promise<void>;
  /** Takes a coin out of the cache. Only where `CacheReport.controls` says so. */
  evict: (symbol: string) => Promise<Answer<Eviction>>;
  /** Begins to fill the cache anew. Only where `CacheReport.controls` says so. */
  prime: () => Promise<Answer<PrimingStart>>;
}

const TIMEOUT_MS = 10_000;

/** A client of the API below `baseURL` that tells `record` of every request that was not cancelled. */
export function createApiClient(
  record: (exchange: Omit<Exchange, 'id'>) => void,
  baseURL = '/api/v1',
): ApiClient {
  const http = axios.create({ baseURL, timeout: TIMEOUT_MS });

  async function ask<T>(config: AxiosRequestConfig): Promise<Answer<T>> {
    const start = performance.now();
    const told = (response?: AxiosResponse): Origin => {
      const origin = originOf(headersOf(response), performance.now() - start);
      const { method = 'GET' } = config;
      record({ method, path: pathOf(config), at: Date.now(), status: response?.status ?? null, origin });
      return origin;
    };
    try {
      const response = await http.request<T>(config);
      const data = bodyOf(response);
      return { data, origin: told(response) };
    } catch (error) {
      if (axios.isCancel(error)) throw error;
      told(axios.isAxiosError(error) ? error.response : undefined);
      throw toApiError(error);
    }
  }

  return {
    ranking: (limit, offset, signal) => ask({ url: '/bitcoins', params: { limit, offset }, signal }),
    coin: (symbol, signal) => ask({ url: coinPath(symbol), ...(signal && { signal }) }),
    rank: (symbol, signal) => ask({ url: `${coinPath(symbol)}/rank`, signal }),
    cacheReport: (signal) => ask({ url: '/cache', signal }),
    addBitcoin: (coin) => ask({ method: 'POST', url: '/bitcoins', data: coin }),
    setPrice: (symbol, price, precondition) =>
      ask({ method: 'PUT', url: coinPath(symbol), data: { price }, headers: condition(precondition) }),
    deleteBitcoin: async (symbol, precondition) => {
      await ask({ method: 'DELETE', url: coinPath(symbol), headers: condition(precondition) });
    },
    evict: (symbol) => ask({ method: 'DELETE', url: `/cache${coinPath(symbol)}` }),
    prime: () => ask({ method: 'POST', url: '/cache/priming' }),
  };
}

function coinPath(symbol: string): string {
  return `/bitcoins/${encodeURIComponent(symbol)}`;
}

function pathOf({ url = '', params }: AxiosRequestConfig): string {
  return params === undefined ? url : axios.getUri({ url, params: params as object });
}

function condition(precondition: Precondition): Record<string, string> {
  return precondition === 'absent' ? { 'If-None-Match': '*' } : { 'If-Match': `"v${precondition.version}"` };
}

function headersOf(response: AxiosResponse | undefined): (name: string) => string {
  return (name) => {
    const value: unknown = response?.headers[name];
    return typeof value === 'string' ? value : '';
  };
}

const NO_CONTENT = 204;

/** JSON, or nothing where that is said. A web server that answers every path with its own page would pass for the API otherwise. */
function bodyOf<T>({ status, data }: AxiosResponse<T>): T {
  if (status === NO_CONTENT || (typeof data === 'object' && data !== null)) return data;
  throw new ApiError('Something other than the API answered. Check what serves /api.', {
    status,
    cause: data,
  });
}
