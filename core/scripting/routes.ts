import type { Config } from '../config/schema.js';
import { ScriptError } from '../errors.js';
import { bearerOf, isToken } from '../http/access-policy.js';
import type { HttpHost } from '../http/http-host.js';
import type { ScriptAction, Scripts } from './scripts.js';

interface ByName {
  readonly Params: { readonly name: string };
}

/**
 * `GET /api/scripts` and `GET /api/scripts/NAME` show scripts, `POST /api/scripts/NAME/start`, `…/restart` and `…/stop` do what
 * they say. What runs code needs a token, also on this machine: any page in a browser reaches this port. Stopping needs none.
 */
export function registerScriptRoutes(http: HttpHost, scripts: Scripts, config: Pick<Config, 'http' | 'scripts'>): void {
  const { token } = config.scripts;
  // With http.token set, nobody gets here without it.
  const isOpen = config.http.token !== undefined;

  const refusal = (authorization: string | undefined) => {
    if (isOpen) return undefined;
    if (token === undefined) {
      const error =
        'Scripts are started over HTTP only with a token; set scripts.token (or http.token) in the configuration';
      return { status: 403, error };
    }
    if (isToken(bearerOf(authorization) ?? '', token)) return undefined;
    return { status: 401, error: 'An access token is needed: "Authorization: Bearer <scripts.token>"' };
  };

  http.routes((app) => {
    app.get('/api/scripts', () => ({ host: scripts.host, scripts: scripts.statuses }));

    app.get<ByName>('/api/scripts/:name', ({ params: { name } }, reply) => {
      try {
        return scripts.get(name).status;
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        return reply.code(404).send({ error: error.message });
      }
    });

    const actions: readonly ScriptAction[] = ['start', 'stop', 'restart'];
    for (const action of actions) {
      app.post<ByName>(`/api/scripts/:name/${action}`, ({ params: { name }, headers }, reply) => {
        const refused = action === 'stop' ? undefined : refusal(headers.authorization);
        if (refused) return reply.code(refused.status).send({ error: refused.error });
        try {
          return reply.code(202).send(scripts.act(name, action));
        } catch (error) {
          if (!(error instanceof ScriptError)) throw error;
          return reply.code(404).send({ error: error.message });
        }
      });
    }
  });
}
