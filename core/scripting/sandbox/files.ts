import { call } from './calls.js';

/** Text of a file in the script's own folder. Rejects when there is none, or it is not the script's to read. */
export async function readOwnFile(path: string): Promise<string> {
  return String(await call('file.read', { path: String(path) }));
}
