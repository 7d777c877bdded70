import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

function readVersion(): string {
  const path = findPackageJSON(import.meta.url);
  const manifest: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  return '0.0.0';
}

/** Version of this package. */
export const packageVersion = readVersion();

/** The same as three numbers, for clients of spec versions 0 and 1. */
export function versionNumbers(): readonly [major: number, minor: number, build: number] {
  const [major = 0, minor = 0, build = 0] = packageVersion.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, build];
}
