import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { protocols } from '../../plugins/protocols/index.js';
import { modelFor } from '../catalogue/catalogue.js';
import type { ProtocolDefinition } from '../catalogue/definition.js';
import { withTables } from '../catalogue/tables.js';
import { ConfigError } from '../config/issues.js';
import { type OwnedDevice, settingsFor } from '../devices/owned-devices.js';
import type { DeviceSettings } from '../devices/settings-file.js';
import { describeError } from '../errors.js';
import { EXIT, type Terminal } from './terminal.js';

const HEADER = `# Your devices, brought over from a user device configuration of the community.
# Say where this file is with devices.settings in pulsegate.yml; by default it is looked for at ./data/devices.yml.
`;

/** Adds `import-settings`: the settings of single devices from the form that other programs keep them in. */
export function importSettingsCommand(catalogue: Command, terminal: Terminal): void {
  catalogue
    .command('import-settings')
    .description('Bring the settings of your devices over from a user device configuration (JSON, version 4)')
    .argument('<file>', 'the user device configuration')
    .option('-o, --output <file>', 'where to write them; a file that exists is left alone (default: standard output)')
    .action((file: string, { output }: { output?: string }) => importSettings(file, output, terminal));
}

async function importSettings(file: string, output: string | undefined, terminal: Terminal): Promise<void> {
  try {
    // Nothing else that the command does needs it.
    const { readDeviceFiles } = await import('../device-files/read.js');
    const { tables, devices, complaints } = await readDeviceFiles(undefined, resolve(terminal.cwd, file), protocols);
    for (const complaint of complaints) terminal.stderr(`${complaint}\n`);
    const definitions = protocols.flatMap((definition) => withTables(definition, tables, false) ?? []);
    const imported = devices.flatMap((device) => settingsOf(device, definitions, terminal));
    for (const protocol of tables.additions.keys()) {
      terminal.stderr(
        `The names and models it adds to ${protocol} have no place in device settings; name the file itself with devices.userConfig to have them\n`,
      );
    }
    const text = HEADER + stringify({ devices: imported });
    if (output === undefined) {
      terminal.stdout(text);
      return;
    }
    // What a person wrote is never written over.
    await writeFile(resolve(terminal.cwd, output), text, { flag: 'wx' });
    terminal.stdout(
      `The settings of ${imported.length} ${imported.length === 1 ? 'device' : 'devices'} are in ${output}\n`,
    );
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    terminal.stderr(`${exists ? `There is a file ${output} already; it is left alone` : describeError(error)}\n`);
    terminal.setExitCode(error instanceof ConfigError ? EXIT.badConfig : EXIT.failed);
  }
}

/** The settings of one device; nothing, and a sentence about why, when the entry does not fit. */
function settingsOf(
  owned: OwnedDevice,
  definitions: readonly ProtocolDefinition[],
  terminal: Terminal,
): readonly DeviceSettings[] {
  const definition = definitions.find(({ id }) => id === owned.protocol);
  const model =
    definition?.models.find(({ id }) => id === owned.modelId) ??
    (definition && modelFor(definition, owned.identifier ?? ''));
  try {
    if (!model) throw new Error(`the catalogue has no protocol ${owned.protocol}`);
    const settings = settingsFor(owned, model);
    const { allow, deny } = owned;
    return [{ ...settings, ...(allow && { allow }), ...(deny && { deny }) }];
  } catch (error) {
    terminal.stderr(`The device at ${owned.address} is left out: ${describeError(error)}\n`);
    return [];
  }
}
