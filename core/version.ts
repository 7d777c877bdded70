import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

const manifestPath = findPackageJSON(import.meta.url);

/** Absolute path of this package, whether it runs from `dist` or from its sources. */
export const packageFolder = dirname(manifestPath ?? '.');

function readVersion(): string {
  const manifest: unknown = manifestPath === undefined ? undefined : JSON.parse(readFileSync(manifestPath, 'utf8'));
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
