import { isAbsolute, relative, sep } from 'node:path';

/** Whether the path leads to something below the folder; both are absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
