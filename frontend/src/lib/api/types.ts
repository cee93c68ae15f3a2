import type { components } from './openapi';

/** The REST contract, as `bitcoincache_api/http.py` has it. Times are ISO 8601 strings. */
type Schemas = components['schemas'];

export type Bitcoin = Schemas['Bitcoin'];
export type RankedBitcoin = Schemas['RankedBitcoin'];
export type Ranking = Schemas['Ranking'];
export type Rank = Schemas['Rank'];
export type NewBitcoin = Schemas['NewBitcoin'];
export type CacheReport = Schemas['CacheReport'];
export type Eviction = Schemas['Eviction'];
export type PrimingStart = Schemas['PrimingStart'];
export type FieldError = Schemas['FieldError'];
export type Problem = Schemas['Problem'];
