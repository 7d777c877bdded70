import { readFile } from 'node:fs/promises';
import type { IClientOptions } from 'mqtt';
import { describeError, PluginError, type Static } from 'pulsegate/plugin';
import type { config } from '../config.js';
import { PLUGIN } from './end-of-line.js';

/** Longest that an attempt to connect may take, ms. A broker that was unplugged is not to be waited for when it is back. */
const CONNECT_MS = 5_000;

/** How the broker is connected to. Rejects with a PluginError for a file that cannot be read. */
export async function connectOptions(
  { username, password, keepalive, tls }: Static<typeof config>,
  clientId: string,
): Promise<IClientOptions & { readonly clientId: string }> {
  const [ca, cert, key] = await Promise.all([
    readTls('ca', tls.ca),
    readTls('cert', tls.cert),
    readTls('key', tls.key),
  ]);
  return {
    clientId,
    keepalive,
    connectTimeout: CONNECT_MS,
    rejectUnauthorized: tls.rejectUnauthorized,
    ...(username !== undefined && { username }),
    ...(password && { password: password.reveal() }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
}

async function readTls(key: string, path: string | undefined): Promise<Buffer | undefined> {
  try {
    return path === undefined ? undefined : await readFile(path);
  } catch (error) {
    const sentence = `plugins.${PLUGIN}.tls.${key} cannot be read: ${describeError(error)}`;
    throw new PluginError(PLUGIN, sentence, { cause: error });
  }
}
