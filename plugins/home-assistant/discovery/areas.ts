import { type KnownDevice, shownName } from '../known-device.js';

export interface AreaOptions {
  readonly areas: Readonly<Record<string, string>>;
  readonly suggestedArea?: string;
}

/** Where a device is likely to be, by the first pattern that fits its id, its own name or that of its model. */
export function areaOf(device: KnownDevice, { areas, suggestedArea }: AreaOptions): string | undefined {
  const names = [device.id, shownName(device), device.name];
  const found = Object.entries(areas).find(([pattern]) => names.some((name) => fits(pattern, name)));
  return found?.[1] ?? suggestedArea;
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`, 'isu').test(name);
}
