import type { Command } from 'commander';
import { protocols } from '../../plugins/protocols/index.js';
import { EXIT, type Terminal, table } from './terminal.js';

/** Adds `catalogue search`: which devices the gateway drives. */
export function catalogueCommand(program: Command, terminal: Terminal): void {
  program
    .command('catalogue')
    .description('Look into the device catalogue')
    .command('search')
    .description('Find devices by brand, model, protocol or advertised name')
    .argument('<text>', 'what to look for')
    .action((text: string) => {
      const wanted = text.toLowerCase();
      const rows = protocols.flatMap((protocol) =>
        protocol.models
          .filter((model) =>
            [protocol.brand, protocol.id, model.name, ...model.identifiers].join('\n').toLowerCase().includes(wanted),
          )
          .map((model) => [
            model.name,
            protocol.brand,
            protocol.id,
            [...new Set(protocol.links.map(({ kind }) => kind))].join(', '),
            model.features
              .flatMap(({ outputs, inputs }) => [...Object.keys(outputs), ...Object.keys(inputs)])
              .join(', '),
          ]),
      );
      if (rows.length > 0) {
        terminal.stdout(table([['MODEL', 'BRAND', 'PROTOCOL', 'LINK', 'FEATURES'], ...rows]));
        return;
      }
      terminal.stdout(`No device matches "${text}".\n`);
      terminal.setExitCode(EXIT.failed);
    });
}
