const BASE = '-0000-1000-8000-00805f9b34fb';

/** Any form of an identifier (16, 32 or 128 bits, with or without dashes and leading zeros) as lower-case 8-4-4-4-12. */
export function fullUuid(uuid: string): string {
  const hex = uuid.replaceAll('-', '').toLowerCase();
  if (hex.length <= 8) return `${hex.padStart(8, '0')}${BASE}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
