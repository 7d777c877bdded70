import type { ProtocolDefinition } from '../catalogue/definition.js';
import { type KnownTypes, knownTypes } from '../catalogue/known-types.js';
import type { DeviceTables, ProtocolTable } from '../catalogue/tables.js';
import type { Path } from '../config/issues.js';
import type { OwnedDevice } from '../devices/owned-devices.js';
import { DeviceDocument } from './document.js';
import { ownedDevice } from './owned-devices.js';
import { CatalogueFile, fits, UserDevice, UserFile } from './shapes.js';
import { tableIn } from './tables.js';

/** What files of the community say about devices. */
export interface DeviceFiles {
  readonly tables: DeviceTables;
  readonly devices: readonly OwnedDevice[];
  /** A line for each entry that was left out. */
  readonly complaints: readonly string[];
}

/**
 * @param catalogue path of the file that takes the place of the built-in tables
 * @param userConfig path of a file with a person's own devices
 * @param builtin protocols whose models may only have what their handlers know; others' are left as they are
 * @throws ConfigError: a file that the configuration names is missing, damaged or of another version
 */
export async function readDeviceFiles(
  catalogue: string | undefined,
  userConfig: string | undefined,
  builtin: readonly ProtocolDefinition[],
): Promise<DeviceFiles> {
  const known = new Map(builtin.map((definition) => [definition.id, knownTypes(definition)]));
  const replacement = catalogue === undefined ? undefined : await readCatalogue(catalogue, known);
  const user = userConfig === undefined ? NOTHING : await readUserConfig(userConfig, known);
  return {
    tables: { ...(replacement && { replacement: replacement.tables }), additions: user.tables },
    devices: user.devices.map(ownedDevice),
    complaints: [...(replacement?.complaints ?? []), ...user.complaints],
  };
}

type KnownOf = ReadonlyMap<string, KnownTypes>;

const NOTHING = { tables: new Map<string, ProtocolTable>(), devices: [], complaints: [] };

async function readCatalogue(path: string, known: KnownOf) {
  const document = await DeviceDocument.read(path, 'a device configuration file (JSON), version 4');
  const { protocols } = document.contentAs(CatalogueFile);
  const tables = tablesIn(document, protocols, ['protocols'], { inherits: true, known });
  return { tables, complaints: document.complaints };
}

async function readUserConfig(path: string, known: KnownOf) {
  const document = await DeviceDocument.read(path, 'a user device configuration file (JSON), version 4');
  const { protocols = {}, devices: entries = [] } = document.contentAs(UserFile).user_configs;
  const tables = tablesIn(document, protocols, ['user_configs', 'protocols'], { inherits: false, known });
  const devices: UserDevice[] = [];
  for (const [at, entry] of entries.entries()) {
    const place = ['user_configs', 'devices', at];
    if (fits.userDevice.Check(entry)) devices.push(entry);
    else document.leaveOutMisfit(place, UserDevice, entry);
  }
  return { tables, devices, complaints: document.complaints };
}

function tablesIn(
  document: DeviceDocument,
  protocols: object,
  path: Path,
  { inherits, known }: { readonly inherits: boolean; readonly known: KnownOf },
) {
  const tables = new Map<string, ProtocolTable>();
  for (const [id, content] of Object.entries(protocols)) {
    const table = tableIn(document, content, [...path, id], { inherits, known: known.get(id) });
    if (table) tables.set(id, table);
  }
  return tables;
}
