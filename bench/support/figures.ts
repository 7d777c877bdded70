/** One line of the result. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly met: boolean;
  /** What the value was made of, for people. */
  readonly detail: string;
}

export type Limit = { readonly atLeast: number } | { readonly below: number };

/** A measured value against its target. NaN meets nothing. */
export function figure(name: string, value: number, unit: string, limit: Limit, detail = ''): Figure {
  const met = 'atLeast' in limit ? value >= limit.atLeast : value < limit.below;
  const target = 'atLeast' in limit ? `≥ ${limit.atLeast}` : `< ${limit.below}`;
  return { name, value, unit, target: `${target} ${unit}`.trim(), met, detail };
}

/** Three significant digits, no exponent. */
export const short = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

/** Commands per second. */
export const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString('en')}/s`;

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, target, met, detail }) => [
    name,
    `${short(value)} ${unit}`.trim(),
    target,
    met ? 'met' : 'not met',
    detail,
  ]);
  const all = [['Figure', 'Measured', 'Target', 'Verdict', 'From'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].map((line) => line?.trimEnd()).join('\n');
}
