/** Generated from bitcoincache_api/http.py by `make manifests`: change the models, not this file. */

export const SYMBOL_PATTERN = '^[A-Za-z0-9]{1,10}$';
export const MAX_PRICE = 2147483647;
export const MAX_LIMIT = 1000;
export const OUTCOME_UNKNOWN = 'tag:bitcoincache.dev,2026:outcome-unknown';
