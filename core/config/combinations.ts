import { isLoopback } from '../http/loopback.js';
import { type Finding, quoted } from './issues.js';
import type { Config } from './schema.js';

/** Settings that are fine each, and not together. */
export function checkCombinations({ http }: Pick<Config, 'http'>): Finding[] {
  if (isLoopback(http.host) || http.token !== undefined || http.insecure) return [];
  return [
    {
      path: ['http', 'host'],
      found: quoted(http.host),
      expected: 'a loopback address such as 127.0.0.1, or an access token',
      problem: `${quoted(http.host)} is reached from other machines, and there is no access token`,
      hint: 'set http.token (at least 16 characters), or http.insecure: true to let everyone there control the devices',
    },
  ];
}
