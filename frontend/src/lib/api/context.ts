import { requiredContext } from '../requiredContext';
import type { ApiClient } from './client';

export const [ApiProvider, useApi] = requiredContext<ApiClient>('The API client');
