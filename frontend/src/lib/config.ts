import axios from 'axios';

import { requiredContext } from './requiredContext';

/** What whoever runs the page may set, in /config.json. */
export interface Config {
  /** Milliseconds from one poll to the next. */
  pollInterval: number;
}

export const DEFAULT_CONFIG: Config = { pollInterval: 5000 };

export const [ConfigProvider, useConfig] = requiredContext<Config>('The configuration');

/** The configuration that `value` holds; what is missing or makes no sense is the default's. */
export function parseConfig(value: unknown): Config {
  const pollInterval =
    typeof value === 'object' && value !== null && 'pollInterval' in value && value.pollInterval;
  return typeof pollInterval === 'number' && Number.isFinite(pollInterval) && pollInterval > 0
    ? { pollInterval }
    : DEFAULT_CONFIG;
}

/** The configuration of this deployment. Never rejects: a page without its settings still shows the ranking. */
export async function loadConfig(url = '/config.json'): Promise<Config> {
  try {
    const response = await axios.get<unknown>(url, { timeout: 3000 });
    return parseConfig(response.data);
  } catch (error) {
    console.warn('The page uses its default settings:', error);
    return DEFAULT_CONFIG;
  }
}
