import type { ConnectOptions, NobleCharacteristic, NoblePeripheral, NobleService } from '@abandonware/noble';
import {
  type BluetoothSpecifier,
  type Clock,
  describeError,
  type Endpoint,
  LinkError,
  type Logger,
} from 'pulsegate/plugin';
import type { OpenBinding } from './bindings/open-binding.js';
import { fullUuid } from './uuids.js';
import { LateError, within } from './within.js';

export interface Opening {
  readonly peripheral: NoblePeripheral;
  readonly binding: Pick<OpenBinding, 'learn' | 'disconnectLimitMs'>;
  readonly name: string;
  readonly specifier: BluetoothSpecifier;
  readonly clock: Clock;
  readonly log: Logger;
  readonly connectLimitMs: number;
  readonly answerLimitMs: number;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** A first connection that hangs is a known illness of adapters; the second one works. */
const TRIES = 2;
const TAKE_BACK_LIMIT_MS = 500;
const BATTERY = { service: fullUuid('180f'), level: fullUuid('2a19'), endpoint: 'rxblebattery' } as const;

/** Packets every 15 to 30 ms, and a device counts as lost when nothing was heard of it for 2 s: some drop out for a moment. */
const CONNECTION: ConnectOptions = { minInterval: 12, maxInterval: 24, latency: 0, timeout: 200 };

/**
 * Connects, and finds the characteristics behind the endpoints of a specifier. Rejects with a LinkError when the device does not
 * answer, or has none of its services; it is left disconnected then.
 */
export async function openPeripheral(opening: Opening): Promise<ReadonlyMap<Endpoint, NobleCharacteristic>> {
  const { peripheral, signal } = opening;
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  const onDisconnect = (reason: number | string) => gone.reject(new LinkError(`${opening.name} went away (${reason})`));
  const onAbort = () => gone.reject(signal.reason);
  await connect(opening);
  peripheral.on('disconnect', onDisconnect);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    // Nobody was told yet who listens from now on.
    if (peripheral.state !== 'connected') throw new LinkError(`${opening.name} went away`);
    return await Promise.race([examine(opening), gone.promise]);
  } catch (error) {
    await leave(opening);
    throw error;
  } finally {
    peripheral.off('disconnect', onDisconnect);
    signal.removeEventListener('abort', onAbort);
  }
}

async function connect(opening: Opening): Promise<void> {
  const { peripheral, name, clock, log, connectLimitMs, signal } = opening;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const cancel = () => peripheral.cancelConnect();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await within(clock, connectLimitMs, `connecting to ${name}`, peripheral.connectAsync(CONNECTION));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LateError) await takeBack(opening);
      if (attempt === TRIES) throw new LinkError(describeError(error), { cause: error });
      log.debug({ name, err: error }, 'could not connect; trying once more');
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

/** Of a try that takes too long, the end is waited for: what is told of it would be taken for the answer to the next one. */
async function takeBack({ peripheral, name, clock }: Opening): Promise<void> {
  const over = Promise.withResolvers<void>();
  peripheral.cancelConnect();
  peripheral.once('connect', over.resolve);
  await within(clock, TAKE_BACK_LIMIT_MS, `taking back the connection to ${name}`, over.promise).catch(() => {});
  peripheral.removeListener('connect', over.resolve);
}

async function examine(opening: Opening): Promise<ReadonlyMap<Endpoint, NobleCharacteristic>> {
  const { peripheral, binding, name } = opening;
  const endpoints = await endpointsOf(opening);
  if (!(await ask(opening, 'what it agreed to', binding.learn(peripheral)))) throw new LinkError(`${name} went away`);
  return endpoints;
}

async function endpointsOf(opening: Opening): Promise<ReadonlyMap<Endpoint, NobleCharacteristic>> {
  const { peripheral, name, specifier, log } = opening;
  const services = new Map<string, NobleService>();
  for (const service of await ask(opening, 'its services', peripheral.discoverServicesAsync([]))) {
    services.set(fullUuid(service.uuid), service);
  }
  const found = new Map<Endpoint, NobleCharacteristic>();
  const look = async (uuid: string, endpoints: Readonly<Record<Endpoint, string>>) => {
    const service = services.get(uuid);
    if (!service) return;
    const all = await ask(opening, `what is in ${uuid}`, service.discoverCharacteristicsAsync([]));
    for (const [endpoint, characteristic] of Object.entries(endpoints)) {
      const there = all.find((one) => fullUuid(one.uuid) === characteristic);
      if (!there) log.debug({ name, endpoint, characteristic }, 'the device lacks a characteristic that others have');
      else if (!found.has(endpoint)) found.set(endpoint, there);
    }
  };
  for (const [uuid, endpoints] of Object.entries(specifier.services)) await look(uuid, endpoints);
  if (found.size === 0) {
    throw new LinkError(`${name} has none of the services ${Object.keys(specifier.services).join(', ')}`);
  }
  const isTaken = Object.values(specifier.services).some((endpoints) => BATTERY.endpoint in endpoints);
  if (!isTaken) await look(BATTERY.service, { [BATTERY.endpoint]: BATTERY.level });
  return found;
}

function ask<T>({ name, clock, answerLimitMs }: Opening, what: string, answer: Promise<T>): Promise<T> {
  return within(clock, answerLimitMs, `asking ${name} for ${what}`, answer);
}

/** Nothing of an attempt that failed holds the device. */
async function leave({ peripheral, binding, name, clock, log }: Opening): Promise<void> {
  await within(clock, binding.disconnectLimitMs, `disconnecting ${name}`, peripheral.disconnectAsync()).catch(
    (error: unknown) => log.debug({ err: error }, 'the adapter did not confirm the end of a connection'),
  );
}
