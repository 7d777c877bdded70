import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { builtinPlugins } from '../../core/builtin-plugins.js';
import { describeError } from '../../core/errors.js';
import type { SpecVersion } from '../../core/protocol/model.js';
import { type Booted, boot } from '../support/boot.js';
import type { FakeClock } from '../support/fake-clock.js';
import type { Announced } from './announced.js';
import { type ClientCommand, type DeviceCase, type Step, stepsFor } from './case.js';
import { CaseClient, chargeIn, type Pending } from './client.js';
import { describeCommand, sameCommand } from './describe.js';
import { type RecordedDevice, Recorder } from './recorder.js';
import { ClientRefusal, translate } from './translate.js';

/** Runs one case for one spec version, on a gateway of its own whose time moves only when the case does. */

/** How long a device may take to appear, and an expected packet to come, ms of the case's time. */
const ARRIVAL_MS = 300;
const COMMAND_MS = 500;
/** Longer than the gateway itself waits for hardware, so that its own explanation arrives. */
const REPLY_MS = 6000;

/** Files of the community that the gateway reads its devices from. */
export interface DeviceFilePaths {
  readonly catalogue?: string | undefined;
  readonly userConfig?: string | undefined;
}

export interface CaseResult {
  /** What did not go as the case says; undefined when all did. */
  readonly failure: string | undefined;
  /** How many vibrators the device announced, where the version tells and it got that far. */
  readonly vibrators: number | undefined;
}

/** What the case wants differs from what came. */
class Mismatch extends Error {
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

export async function runCase(
  deviceCase: DeviceCase,
  version: SpecVersion,
  { catalogue, userConfig }: DeviceFilePaths = {},
): Promise<CaseResult> {
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-case-'));
  let run: CaseRun | undefined;
  try {
    const recorder = new Recorder(deviceCase.devices);
    await using gateway = await boot({
      plugins: [recorder.plugin],
      config: {
        devices: {
          state: join(folder, 'known-devices.yml'),
          ...(catalogue !== undefined && { catalogue }),
          ...(userConfig !== undefined && { userConfig }),
        },
        plugins: withoutOtherPlugins(),
      },
    });
    run = new CaseRun(deviceCase, version, gateway, recorder);
    await run.all();
    return { failure: undefined, vibrators: run.vibrators };
  } catch (error) {
    const line = error instanceof Mismatch && error.line !== undefined ? `:${error.line}` : '';
    const problem = error instanceof Mismatch ? error.message : `the run broke off: ${describeError(error)}`;
    return { failure: `${basename(deviceCase.path)}${line}: ${problem}`, vibrators: run?.vibrators };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing but the catalogue: no radio, no broker, no other device. */
const withoutOtherPlugins = () =>
  Object.fromEntries(builtinPlugins.map(({ name, kind }) => [name, { enabled: kind === 'protocol' }]));

class CaseRun {
  vibrators: number | undefined;
  readonly #case: DeviceCase;
  readonly #clock: FakeClock;
  #client: CaseClient | undefined;
  /** Battery reads nobody waits for: the steps that follow bring the answer. */
  #unawaited: (() => boolean)[] = [];

  constructor(
    deviceCase: DeviceCase,
    private readonly version: SpecVersion,
    private readonly gateway: Booted,
    private readonly recorder: Recorder,
  ) {
    this.#case = deviceCase;
    this.#clock = gateway.clock;
  }

  async all(): Promise<void> {
    const line = await this.gateway.connect(this.version);
    await line.ask({ RequestDeviceList: {} });
    this.#client = new CaseClient(line, this.version);
    await line.ask({ StartScanning: {} });
    for (const step of stepsFor(this.#case.init, this.version)) await this.#run(step);
    await this.#arrival();
    for (const step of stepsFor(this.#case.commands, this.version)) await this.#run(step);
    const answered = await this.#within(REPLY_MS, () => this.#unawaited.every((look) => look()) || undefined);
    if (!answered) throw new Mismatch('a battery read was never answered');
  }

  get #ready(): CaseClient {
    if (!this.#client) throw new Error('the client has not connected');
    return this.#client;
  }

  async #arrival(): Promise<void> {
    const { devices } = this.#case;
    const client = this.#ready;
    for (let count = 1; count <= devices.length; count += 1) {
      const arrived = await this.#within(ARRIVAL_MS, () => client.devices.length >= count || undefined);
      if (!arrived) throw new Mismatch(`no device after ${ARRIVAL_MS} ms${this.#whatTheLogSays()}${this.#faults()}`);
    }
    for (const device of client.devices) {
      const expected = devices[device.index];
      if (!expected) throw new Mismatch(`a device with index ${device.index}, which the case does not have`);
      expectName('name', expected.expected_name, device.name);
      if (this.version >= 3) expectName('display name', expected.expected_display_name, device.displayName);
    }
    this.vibrators = this.version === 0 ? undefined : vibratorsOf(client.devices[0]);
  }

  async #run(step: Step): Promise<void> {
    try {
      if (step.tag === 'Messages') await this.#sendAll(step);
      else if (step.tag === 'Commands') await this.#expectAll(step);
      else await this.#happen(step);
      this.#unawaited = this.#unawaited.filter((look) => !look());
    } catch (error) {
      if (error instanceof ClientRefusal) throw new Mismatch(error.message, step.line);
      if (error instanceof Mismatch) throw new Mismatch(error.message, error.line ?? step.line);
      throw error;
    }
    const { complaint } = this.#ready;
    if (complaint) throw new Mismatch(`the gateway complains: ${JSON.stringify(complaint)}`, step.line);
    const faults = this.#faults();
    if (faults) throw new Mismatch(faults.trim(), step.line);
  }

  /**
   * What the client says at one time reaches the hardware together; then the gap passes. A timed move ends before anything else
   * is said: cases know nothing of time, and the gateway would hold a stroker that is stopped on its way.
   */
  async #sendAll({ value: { device_index: index, messages } }: Extract<Step, { tag: 'Messages' }>): Promise<void> {
    const device = this.#device(index);
    for (const command of messages) await this.#send(command, this.#announced(index));
    const moves = messages.flatMap((command) => (command.tag === 'Linear' ? command.value : []));
    const durations = moves.map(({ Duration }) => Duration);
    await this.#clock.advance(Math.max(this.recorder.gapOf(device), ...durations));
  }

  async #send(command: ClientCommand, device: Announced): Promise<void> {
    const client = this.#ready;
    const requests = translate(command, this.version, device).map((message) => client.send(message));
    for (const request of requests) {
      if (command.tag === 'Battery' && command.value.run_async) {
        this.#unawaited.push(() => this.#checkReply(request, command));
        continue;
      }
      const replied = await this.#within(REPLY_MS, () => this.#checkReply(request, command) || undefined);
      if (!replied) throw new Mismatch(`${request.name} was never answered`);
    }
  }

  /** False when there is no reply yet. */
  #checkReply(request: Pending, command: ClientCommand): boolean {
    const reply = this.#ready.reply(request);
    if (!reply) return false;
    const { Error: refused } = reply;
    if (refused)
      throw new Mismatch(`${request.name} was answered with Error ${refused.ErrorCode}: ${refused.ErrorMessage}`);
    if (command.tag === 'Battery') {
      const charge = chargeIn(reply);
      const { expected_power: expected } = command.value;
      if (charge === undefined || Math.abs(charge - expected) > 1e-6) {
        throw new Mismatch(`battery: expected ${expected}, got ${charge ?? JSON.stringify(reply)}`);
      }
    } else if (!reply.Ok) throw new Mismatch(`${request.name} was answered with ${JSON.stringify(reply)}`);
    return true;
  }

  async #expectAll({ line, value }: Extract<Step, { tag: 'Commands' }>): Promise<void> {
    const { outgoing } = this.#device(value.device_index);
    for (const [place, expected] of value.commands.entries()) {
      const which = `command ${place + 1} of ${value.commands.length}: expected ${describeCommand(expected)}`;
      const actual = await this.#within(COMMAND_MS, () => outgoing.shift());
      if (!actual) throw new Mismatch(`${which}, got nothing within ${COMMAND_MS} ms${this.#faults()}`, line);
      if (!sameCommand(expected, actual)) throw new Mismatch(`${which}, got ${describeCommand(actual)}`, line);
    }
  }

  async #happen({ value }: Extract<Step, { tag: 'Events' }>): Promise<void> {
    const device = this.#device(value.device_index);
    for (const event of value.events) {
      device.happen(event);
      await this.#clock.advance(0);
    }
  }

  #device(index: number): RecordedDevice {
    const device = this.recorder.devices[index];
    if (!device) throw new Mismatch(`the case has no device ${index}`);
    return device;
  }

  #announced(index: number): Announced {
    const device = this.#ready.devices.find((candidate) => candidate.index === index);
    if (!device) throw new Mismatch(`the client knows no device ${index}`);
    return device;
  }

  /** Looks for something: first as things stand, then with what is queued on its way, then as time goes by. */
  async #within<T>(limitMs: number, look: () => T | undefined): Promise<T | undefined> {
    for (let turn = 0; turn < 5; turn += 1) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    for (let waited = 0; waited <= limitMs; waited += 1) {
      await this.#clock.advance(waited === 0 ? 0 : 1);
      const found = look();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #faults(): string {
    const faults = this.recorder.devices.flatMap(({ fault }) => fault ?? []);
    return faults.map((fault) => ` (${fault})`).join('');
  }

  #whatTheLogSays(): string {
    const warnings = this.gateway.log
      .map((entry) => JSON.parse(entry) as { readonly level: number; readonly msg: string })
      .filter(({ level }) => level >= 40);
    return warnings.map(({ msg }) => `; ${msg}`).join('');
  }
}

const vibratorsOf = (device: Announced | undefined) =>
  device && Math.max(device.vibrators.length, device.features.filter(({ outputs }) => outputs.Vibrate).length);

function expectName(what: string, expected: string | undefined, actual: string | undefined): void {
  if (expected !== undefined && expected !== actual) {
    throw new Mismatch(`${what}: expected "${expected}", got ${actual === undefined ? 'none' : `"${actual}"`}`);
  }
}
