import { readlink, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** A port that is there, whatever it is called. */
export interface FoundPort {
  /** The one name that all its other names lead to. */
  readonly real: string;
  /** Another one when the port was plugged in anew, or whoever may open it has changed. */
  readonly state: string;
  /** Undefined: only opening it tells. */
  readonly isSerial: boolean | undefined;
}

/** Looks without opening anything: what is opened that is no serial port, or somebody else's, may not like it. */
export async function findPort(path: string): Promise<FoundPort | undefined> {
  // Windows keeps its ports out of the file system: whether one is there, opening it tells.
  const [, name] = /^(?:\\\\\.\\)?(COM\d+)$/i.exec(path) ?? [];
  if (name !== undefined) return { real: name.toUpperCase(), state: '', isSerial: undefined };
  try {
    const real = await realpath(path);
    const found = await stat(real);
    const { rdev, ino, mode, uid, gid } = found;
    const state = [real, rdev, ino, mode, uid, gid].join(' ');
    return { real, state, isSerial: found.isCharacterDevice() ? await isTerminal(rdev) : false };
  } catch {
    return undefined;
  }
}

/** Linux tells what a device is a kind of. */
async function isTerminal(rdev: number): Promise<boolean | undefined> {
  const [major, minor] = [(rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00)];
  try {
    return basename(await readlink(`/sys/dev/char/${major}:${minor}/subsystem`)) === 'tty';
  } catch {
    return undefined;
  }
}
