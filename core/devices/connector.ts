import { type Catalogue, modelFor } from '../catalogue/catalogue.js';
import type { ModelDefinition } from '../catalogue/definition.js';
import type { Candidate } from '../catalogue/matching.js';
import { type Clock, withDeadline } from '../clock.js';
import { DeviceError, describeError, LinkError } from '../errors.js';
import type { Advertisement, Discovery, HardwareLink } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';
import { Device, type DeviceParts } from './device.js';
import { type DeviceIdentity, deviceKey } from './identity.js';
import type { KnownDevices } from './known-devices.js';
import { type OwnedDevice, settingsFor } from './owned-devices.js';
import type { DeviceSettingsBook } from './settings.js';
import type { DeviceSettings } from './settings-file.js';
import { withStandardBattery } from './standard-battery.js';

/** How long a device waits for those seen before it to get their indexes first, ms. */
const INDEX_PATIENCE_MS = 300;

/** What a device gets from whoever keeps the devices. */
export interface FromManager {
  /** The same device before its link broke, if it did in this run. */
  readonly earlier: Device | undefined;
  readonly onReading: DeviceParts['onReading'];
  readonly onOutput: DeviceParts['onOutput'];
}

/** Turns a piece of hardware somebody saw into a device that takes orders. */
export class Connector {
  /** Settles when the device seen last has its index, or has none to get. */
  #lastIndexed: Promise<void> = Promise.resolve();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly settings: DeviceSettingsBook,
    private readonly known: KnownDevices,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly connectTimeoutMs: number,
  ) {}

  /** Whether the device settings let this device in. */
  admits({ address }: { readonly address: string }): boolean {
    return this.settings.admits(address);
  }

  /** What could drive it, most specific first. */
  candidates(advertisement: Advertisement): readonly Candidate[] {
    return this.catalogue.candidates(advertisement);
  }

  /**
   * Opens the hardware with the first candidate whose endpoints it has, identifies the model and prepares it. Rejects with a
   * LinkError or DeviceError; nothing of the attempt is left behind then.
   */
  async connect(
    discovery: Discovery,
    candidates: readonly Candidate[],
    signal: AbortSignal,
    fromManager: FromManager,
  ): Promise<Device> {
    const indexedBefore = this.#lastIndexed;
    const indexed = Promise.withResolvers<void>();
    this.#lastIndexed = indexed.promise;
    const lifetime = new AbortController();
    const abort = () => lifetime.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const { name } = discovery.advertisement;
    let link: HardwareLink | undefined;
    const prepare = async () => {
      const opened = await this.#open(discovery, candidates, lifetime.signal);
      link = opened.link;
      lifetime.signal.throwIfAborted();
      const reserve = async (identity: DeviceIdentity, name: string, preferred: number | undefined) => {
        await this.#patiently(indexedBefore, lifetime.signal);
        const index = this.known.reserve(identity, name, preferred, this.settings.reservedIndexes);
        indexed.resolve();
        return index;
      };
      return this.#prepare(discovery.advertisement, opened.candidate, opened.link, lifetime, reserve, fromManager);
    };
    const limit = Math.max(
      this.connectTimeoutMs,
      ...candidates.map(({ definition }) => definition.connectTimeoutMs ?? 0),
    );
    try {
      return await withDeadline(
        this.clock,
        limit,
        prepare(),
        () => new LinkError(`${name} was not ready within ${limit} ms`),
      );
    } catch (error) {
      lifetime.abort(error);
      await link?.disconnect().catch(() => {});
      throw error;
    } finally {
      indexed.resolve();
      signal.removeEventListener('abort', abort);
    }
  }

  /** An entry that does not fit counts for nothing: half of its limits would be worse than none that nobody relies on. */
  #settingsFor(owned: OwnedDevice, model: ModelDefinition, log: Logger): DeviceSettings | undefined {
    try {
      return settingsFor(owned, model);
    } catch (error) {
      log.warn(`the entry of ${owned.address} in devices.userConfig is left out: ${describeError(error)}`);
      return undefined;
    }
  }

  /** Devices seen together get their indexes in the order they were seen, unless one of them takes its time. */
  async #patiently(earlier: Promise<void>, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const patience = this.clock.sleep(INDEX_PATIENCE_MS, AbortSignal.any([signal, waiting.signal]));
    await Promise.race([earlier, patience.catch(() => {})]);
    waiting.abort();
  }

  async #open(
    discovery: Discovery,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<{ candidate: Candidate; link: HardwareLink }> {
    const failures: string[] = [];
    for (const candidate of candidates) {
      try {
        const link = await discovery.connect(candidate.specifier, signal);
        // A connect that outlives its attempt must not hold the hardware.
        if (signal.aborted) await link.disconnect();
        return { candidate, link };
      } catch (error) {
        signal.throwIfAborted();
        failures.push(`as ${candidate.definition.id}: ${describeError(error)}`);
      }
    }
    throw new LinkError(`${discovery.advertisement.name} could not be opened (${failures.join('; ')})`);
  }

  async #prepare(
    advertisement: Advertisement,
    { definition, specifier }: Candidate,
    link: HardwareLink,
    lifetime: AbortController,
    reserve: (identity: DeviceIdentity, name: string, preferred: number | undefined) => Promise<number>,
    { earlier, onReading, onOutput }: FromManager,
  ): Promise<Device> {
    const log = this.log.child({ protocol: definition.id, address: advertisement.address });
    link.on('disconnected', (reason) => lifetime.abort(new LinkError(`${link.name} went away: ${reason}`)));
    const context = { advertisement, link, clock: this.clock, log, signal: lifetime.signal };
    const identifier = (await definition.identify?.(context)) ?? advertisement.name;
    const identity = { protocol: definition.id, identifier, address: advertisement.address };
    const owned = this.settings.findOwned(identity);
    const model =
      definition.modelOf?.(context) ??
      definition.models.find(({ id }) => id !== undefined && id === owned?.modelId) ??
      modelFor(definition, identifier);
    if (!model) throw new DeviceError(`${definition.id} knows no model "${identifier}"`);
    const settings = this.settings.find(identity) ?? (owned && this.#settingsFor(owned, model, log));
    const wasKnown = this.known.isKnown(identity.address);
    const index = await reserve(identity, model.name, settings?.index);
    lifetime.signal.throwIfAborted();
    const handler = await definition.open({ ...context, identifier, model });
    lifetime.signal.throwIfAborted();
    log.debug({ device: deviceKey(identity), index }, 'ready');
    const { clock } = this;
    return new Device(
      {
        index,
        wasKnown,
        identity,
        definition,
        model: withStandardBattery(model, link, specifier),
        handler,
        link,
        settings,
        lifetime,
        clock,
        log,
        onReading,
        onOutput,
      },
      earlier,
    );
  }
}
