import { readFile, stat } from 'node:fs/promises';

/**
 * Programs that keep this port to themselves, by name and number, and would keep the gateway from opening it. Only Linux tells. One
 * that merely has it open is no obstacle: whatever makes a port in software does.
 */
export async function holdersOf(path: string): Promise<readonly string[]> {
  try {
    const { dev, ino } = await stat(path);
    const file = `${hex((dev >> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >> 12) & 0xfff00))}:${ino}`;
    const locks = (await readFile('/proc/locks', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
    const ids = locks.flatMap(([, kind, , , id, locked]) => (kind === 'FLOCK' && locked === file && id ? [id] : []));
    return await Promise.all(ids.map(async (id) => `${await nameOf(id)} (process ${id})`));
  } catch {
    return [];
  }
}

const hex = (part: number): string => part.toString(16).padStart(2, '0');

const nameOf = async (id: string): Promise<string> =>
  (await readFile(`/proc/${id}/comm`, 'utf8').catch(() => 'a program')).trim();
