import { pino } from 'pino';
import type { Advertisement, BluetoothSpecifier, Discovery, HardwareLink } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { systemClock } from '../../../core/clock.js';
import { type Adapter, openAdapter } from '../../../plugins/hardware-bluetooth/adapter.js';
import { chooseBinding } from '../../../plugins/hardware-bluetooth/binding-choice.js';
import type { BluetoothConfig } from '../../../plugins/hardware-bluetooth/config.js';
import { BluetoothManager } from '../../../plugins/hardware-bluetooth/manager.js';
import { thisSystem } from '../../../plugins/hardware-bluetooth/system.js';
import { PATIENCE_MS } from '../timing.js';
import { BluetoothRoom } from './bluetooth-room.js';
import { EmulatedBluez } from './emulated-bluez.js';
import { countMatchRules, PrivateBus } from './private-bus.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

const BUS = 'DBUS_SYSTEM_BUS_ADDRESS';
/** A BlueZ that takes little time, ms. */
const TIMES = { absentMs: 1_000, disconnectMs: 20 };
const CONFIG: BluetoothConfig = { binding: 'auto', maxDevices: 100, connectTimeout: 5_000, answerTimeout: 2_500 };

/** What is around an adapter. */
interface Surroundings {
  readonly config: Partial<BluetoothConfig>;
  readonly peripherals: VirtualPeripheral[];
  readonly drop: (peripheral: VirtualPeripheral) => void;
  /** Addresses. */
  readonly connected: () => readonly string[];
  /** What the system knows of a device that was not heard for a while is gone. */
  readonly forget: (peripheral: VirtualPeripheral) => void;
  /** Signals that programs have asked a bus for; 0 where there is none. */
  readonly matchRules: () => Promise<number>;
}

/** The plugin's own parts around an adapter without a radio, with nothing above them. */
export class AdapterRig implements AsyncDisposable {
  readonly #seen = new Map<string, Discovery>();

  private constructor(
    private readonly open: () => Promise<Adapter>,
    public adapter: Adapter,
    readonly manager: BluetoothManager,
    /** Why the adapter was given up. */
    readonly lost: readonly string[],
    private readonly surroundings: Surroundings,
    private readonly owned: AsyncDisposableStack,
  ) {
    manager.on('discovered', (discovery) => {
      this.#seen.set(discovery.advertisement.address, discovery);
    });
  }

  /** Through BlueZ on a bus of its own. */
  static async bluez(present: readonly VirtualPeripheral[], onBus?: (bluez: EmulatedBluez, bus: PrivateBus) => void) {
    await using owned = new AsyncDisposableStack();
    const peripherals = [...present];
    const bus = owned.use(await PrivateBus.start());
    const bluez = owned.use(await EmulatedBluez.start(bus.address, peripherals, TIMES));
    const before = process.env[BUS];
    process.env[BUS] = bus.address;
    owned.defer(() => {
      if (before === undefined) delete process.env[BUS];
      else process.env[BUS] = before;
    });
    onBus?.(bluez, bus);
    const matchRules = () => countMatchRules(bus.address);
    const drop = (one: VirtualPeripheral) => bluez.drop(one);
    const forget = (one: VirtualPeripheral) => bluez.forget(one);
    const connected = () => bluez.connected;
    const surroundings = { config: { binding: 'dbus' }, peripherals, drop, forget, connected, matchRules } as const;
    return AdapterRig.#open(surroundings, owned.move());
  }

  /** Driven directly, over a serial line. */
  static async hci(present: readonly VirtualPeripheral[], onRoom?: (room: BluetoothRoom) => void) {
    await using owned = new AsyncDisposableStack();
    const room = owned.use(await BluetoothRoom.create(present, { advertisingMs: 20, connectMs: 1 }));
    onRoom?.(room);
    const config = { binding: 'uart', uart: { port: room.port.path } } as const;
    const drop = (one: VirtualPeripheral) => room.controller.drop(one);
    const { peripherals } = room;
    const connected = () => room.controller.connected;
    const surroundings = { config, peripherals, drop, forget: () => {}, connected, matchRules: async () => 0 };
    return AdapterRig.#open(surroundings, owned.move());
  }

  static async #open(surroundings: Surroundings, owned: AsyncDisposableStack): Promise<AdapterRig> {
    const log = pino({ level: 'silent' });
    const config = { ...CONFIG, ...surroundings.config };
    const choice = await chooseBinding(config, thisSystem);
    if ('because' in choice) throw new Error(choice.because);
    const lost: string[] = [];
    const open = () => openAdapter(choice, systemClock, log, (reason) => lost.push(reason));
    const adapter = await open();
    const manager = new BluetoothManager({ config, clock: systemClock, log, onBroken: (reason) => lost.push(reason) });
    const rig = new AdapterRig(open, adapter, manager, lost, surroundings, owned);
    manager.use(adapter);
    owned.defer(() => manager.close());
    return rig;
  }

  /** Who is there; it may change. */
  get peripherals(): VirtualPeripheral[] {
    return this.surroundings.peripherals;
  }

  /** Addresses of those that are connected, as the other side has it. */
  get connected(): readonly string[] {
    return this.surroundings.connected();
  }

  /** What was seen of it last. Waits until it was seen. */
  async advertisement({ address }: VirtualPeripheral): Promise<Advertisement> {
    await this.manager.startScanning();
    return (await this.#discovery(address)).advertisement;
  }

  /** Connected to everything in it, its characteristics under their own names. */
  async connect(peripheral: VirtualPeripheral): Promise<HardwareLink> {
    await this.manager.startScanning();
    const discovery = await this.#discovery(peripheral.address);
    const link = await discovery.connect(specifierOf(peripheral), new AbortController().signal);
    this.#seen.delete(peripheral.address);
    return link;
  }

  /** The adapter is lost, and found again. */
  async reopen(): Promise<void> {
    // What is being started just now would be waited for.
    await this.manager.stopScanning();
    await this.manager.lose('it is to be opened anew');
    this.#seen.clear();
    this.adapter = await this.open();
    this.manager.use(this.adapter);
  }

  hasSeen({ address }: VirtualPeripheral): boolean {
    return this.#seen.has(address);
  }

  /** These have gone by, and are never heard again. */
  pass(peripherals: readonly VirtualPeripheral[]): void {
    for (const peripheral of peripherals) {
      this.#seen.delete(peripheral.address);
      this.surroundings.forget(peripheral);
    }
  }

  /** Signals that programs have asked a bus for. */
  matchRules(): Promise<number> {
    return this.surroundings.matchRules();
  }

  /** The connection breaks. Waits until that is known. */
  async drop(peripheral: VirtualPeripheral, link: HardwareLink): Promise<void> {
    const gone = new Promise<void>((resolve) => link.on('disconnected', () => resolve()));
    this.surroundings.drop(peripheral);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }

  async #discovery(address: string): Promise<Discovery> {
    await expect.poll(() => this.#seen.has(address), { interval: 2, timeout: PATIENCE_MS }).toBe(true);
    const discovery = this.#seen.get(address);
    if (!discovery) throw new Error(`${address} was not seen`);
    return discovery;
  }
}

function specifierOf({ gatt: { services } }: VirtualPeripheral): BluetoothSpecifier {
  const entries = services.map(({ uuid, characteristics }) => [
    uuid,
    Object.fromEntries(characteristics.map((one) => [one.uuid, one.uuid])),
  ]);
  return { kind: 'bluetooth', names: [], services: Object.fromEntries(entries) };
}
