import { describeError, type ExamineContext, type Finding, fine, missing, problem } from 'pulsegate/plugin';
import { isOneOf, nameOf, wantedIds } from './catalogue-devices.js';
import type { HidConfig } from './config.js';
import { type HidDeviceInfo, type HidLibrary, loadHid } from './hid-library.js';
import { isWorthLoading } from './kernel-devices.js';
import { remedyOf } from './remedy.js';

/** Whether the native library loads, and whether what is plugged in of the catalogue's devices may be opened. */
export async function examineHid(
  plugin: string,
  { config: { driver }, definitions }: Pick<ExamineContext<HidConfig>, 'config' | 'definitions'>,
): Promise<readonly Finding[]> {
  const wanted = wantedIds(definitions);
  let library: HidLibrary;
  let devices: readonly HidDeviceInfo[];
  try {
    library = await loadHid(plugin, driver);
    devices = await library.devices();
  } catch (error) {
    const what = describeError(error);
    // A gateway does without, too, until there is a device.
    return [(await isWorthLoading(driver, wanted)) ? problem(what) : missing(`${what}; nothing needs it now`)];
  }
  const known = devices.filter((device) => isOneOf(wanted, device));
  if (known.length === 0) return [fine('no device of the catalogue is plugged in')];
  return Promise.all(known.map((device) => usability(library, device)));
}

async function usability(library: HidLibrary, device: HidDeviceInfo): Promise<Finding> {
  const { path } = device;
  const name = nameOf(device);
  if (path === undefined) return problem(`the system does not say where ${name} is`);
  try {
    await (await library.open(path)).close();
    return fine(`${name} can be opened`);
  } catch (error) {
    return problem(`${name} cannot be opened: ${describeError(error)}`, remedyOf(device));
  }
}
