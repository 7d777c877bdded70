import type { Command } from 'commander';
import { protocols } from '../../plugins/protocols/index.js';
import { overviewOf } from '../catalogue/overview.js';
import { checkDefinitionCommand } from './check-definition.js';
import { importSettingsCommand } from './import-settings.js';
import { EXIT, type Terminal, table } from './terminal.js';

/** What the status of a protocol means to somebody who looks for a device. */
const STATUS = { unverified: 'unverified', recognised: 'not drivable' } as const;

/** Adds `catalogue`: which devices the gateway drives, and what other programs know about one's own. */
export function catalogueCommand(program: Command, terminal: Terminal): void {
  const catalogue = program.command('catalogue').description('Look into the device catalogue');
  catalogue
    .command('search')
    .description('Find devices by brand, model, protocol, kind of link or advertised name')
    .argument('<text>', 'what to look for')
    .action((text: string) => search(text, terminal));
  checkDefinitionCommand(catalogue, terminal);
  importSettingsCommand(catalogue, terminal);
}

function search(text: string, terminal: Terminal): void {
  const wanted = text.toLowerCase();
  const rows = overviewOf(protocols)
    .filter(({ brand, protocol, model, links, identifiers }) =>
      [brand, protocol, model, links, ...identifiers].join('\n').toLowerCase().includes(wanted),
    )
    .map(({ model, brand, protocol, links, features, status }) => [
      model,
      brand,
      protocol,
      links,
      features,
      status ? STATUS[status] : '',
    ]);
  if (rows.length > 0) {
    terminal.stdout(table([['MODEL', 'BRAND', 'PROTOCOL', 'LINK', 'FEATURES', 'STATUS'], ...rows]));
    return;
  }
  terminal.stdout(`No device matches "${text}".\n`);
  terminal.setExitCode(EXIT.failed);
}
