import type { ProtocolDefinition } from '../core/catalogue/definition.js';
import { type ModelOverview, overviewOf } from '../core/catalogue/overview.js';

/** Writes the lists of docs/devices.md from the catalogue itself. */

const START = '<!-- generated: do not edit below, run `npm run docs` -->';

/** The page with its generated part renewed; what stands before it is left alone. */
export function devicesPage(page: string, protocols: readonly ProtocolDefinition[]): string {
  const [head] = page.split(START);
  if (head === undefined || head === page) throw new Error('docs/devices.md has lost its marker');
  const overview = overviewOf(protocols.filter(({ id }) => !id.startsWith('pulsegate-')));
  const drivable = overview.filter(({ status }) => status !== 'recognised');
  const recognised = overview.filter(({ status }) => status === 'recognised');
  const parts = [
    `${drivable.length} models of ${new Set(drivable.map(({ brand }) => brand)).size} brands, by ${protocols.length} protocols.`,
    '## Devices by brand',
    ...[...Map.groupBy(drivable, ({ brand }) => brand)].flatMap(([brand, models]) => [`### ${brand}`, table(models)]),
    ...(recognised.length > 0 ? ['## Recognised, not driven', RECOGNISED, table(recognised)] : []),
    '## Where they are driven otherwise than by the reference engine',
    ...protocols
      .filter(({ corrections = [] }) => corrections.length > 0)
      .map(({ id, corrections = [] }) => `- \`${id}\`: ${corrections.join(' ')}`)
      .join('\n')
      .split('\n\n'),
  ];
  return `${head}${START}\n\n${parts.join('\n\n')}\n`;
}

const RECOGNISED = 'Nobody has described what to send to these. The log says so when one is near.';

function table(models: readonly ModelOverview[]): string {
  const columns = ['Model', 'Protocol', 'Link', 'Features', ''];
  const rows = models.map(({ model, protocol, links, features, status }) => [
    model.replaceAll('|', '\\|'),
    `\`${protocol}\``,
    links,
    features,
    status === 'unverified' ? 'unverified' : '',
  ]);
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[], filler = ' ') =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0, filler)).join(' | ')} |`;
  return [
    line(columns),
    line(
      columns.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}
