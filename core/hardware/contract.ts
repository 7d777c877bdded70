import type { EventSource } from '../events.js';

/**
 * The one seam between the gateway and hardware. Hardware plugins implement these shapes; simulated, Bluetooth, serial and
 * every other link look alike from above it.
 */

export type LinkKind = 'bluetooth' | 'serial' | 'hid' | 'usb' | 'websocket' | 'xinput' | 'lovense-connect' | 'remote';

/** A named channel of a device: tx, rx, command, rxblebattery … (device-config vocabulary). */
export type Endpoint = string;

/** What a hardware manager saw. Only the fields its kind of link has are present. */
export interface Advertisement {
  readonly kind: LinkKind;
  /** Advertised local name, port name, product string or handshake identifier; may be empty. */
  readonly name: string;
  /** Unique among the manager's devices and the same every time this device is seen. */
  readonly address: string;
  /** Bluetooth: advertised services, lower-case 8-4-4-4-12. */
  readonly services?: readonly string[];
  /** Bluetooth: company id to the bytes after it. */
  readonly manufacturerData?: ReadonlyMap<number, Uint8Array>;
  /** HID and USB. */
  readonly vendorId?: number;
  readonly productId?: number;
  /** Id of the protocol it speaks, where a person has said so: nothing else about it matters then. */
  readonly protocol?: string;
}

export interface BluetoothSpecifier {
  readonly kind: 'bluetooth';
  /** Exact names, or prefixes ending in `*`. */
  readonly names: readonly string[];
  /** GATT service to (endpoint to characteristic). */
  readonly services: Readonly<Record<string, Readonly<Record<Endpoint, string>>>>;
  readonly manufacturerData?: readonly { readonly company: number; readonly data?: readonly number[] }[];
  readonly advertisedServices?: readonly string[];
}
export interface SerialSpecifier {
  readonly kind: 'serial';
  readonly port: string;
  readonly baudRate: number;
}
export interface UsbSpecifier {
  readonly kind: 'hid' | 'usb';
  readonly pairs: readonly { readonly vendorId: number; readonly productId: number }[];
}
export interface WebSocketSpecifier {
  readonly kind: 'websocket';
  readonly name: string;
}
export interface AnySpecifier {
  /** `remote`: a device of another Buttplug server. */
  readonly kind: 'xinput' | 'lovense-connect' | 'remote';
}
/** How hardware of one protocol is recognised, and where its endpoints are. */
export type LinkSpecifier = BluetoothSpecifier | SerialSpecifier | UsbSpecifier | WebSocketSpecifier | AnySpecifier;

export interface LinkEvents {
  /** Data the device sent on an endpoint that is subscribed. */
  notification: [endpoint: Endpoint, data: Uint8Array];
  /** The link is gone for good. Emitted once, also after `disconnect()`. */
  disconnected: [reason: string];
}

/** An open connection to one piece of hardware. Every method rejects with a LinkError once the link is gone. */
export interface HardwareLink extends EventSource<LinkEvents> {
  readonly name: string;
  readonly address: string;
  readonly kind: LinkKind;
  readonly endpoints: ReadonlySet<Endpoint>;
  /** Least time between two flushes of packets, ms; a definition may set its own. */
  readonly messageGapMs: number;
  /** The platform drops idle links (Bluetooth on iOS), so something must be sent now and then. */
  readonly needsKeepalive: boolean;
  /** Resolves when the hardware has taken the packet. */
  write(endpoint: Endpoint, data: Uint8Array, options: { readonly withResponse: boolean }): Promise<void>;
  read(endpoint: Endpoint): Promise<Uint8Array>;
  subscribe(endpoint: Endpoint): Promise<void>;
  unsubscribe(endpoint: Endpoint): Promise<void>;
  /** Signal strength in dBm, where the link can tell. */
  rssi?(): Promise<number>;
  disconnect(): Promise<void>;
}

/** Something that could be connected. */
export interface Discovery {
  readonly advertisement: Advertisement;
  /**
   * Opens the hardware with the endpoints of `specifier`. Rejects with a LinkError when the hardware does not answer or
   * does not have them. May be called again later to reconnect.
   */
  connect(specifier: LinkSpecifier, signal: AbortSignal): Promise<HardwareLink>;
}

export interface HardwareManagerEvents {
  /** Seen, during a scan or outside one. Repeats are fine. */
  discovered: [discovery: Discovery];
  /** This manager's scan came to its end by itself. Managers that scan until told to stop never emit it. */
  scanFinished: [];
}

/** Finds and opens hardware of one kind. */
export interface HardwareManager extends EventSource<HardwareManagerEvents> {
  readonly name: string;
  /** What it finds are devices of other servers, and scanning means asking those to scan. */
  readonly isRemote?: boolean;
  /** Resolves once scanning runs. */
  startScanning(): Promise<void>;
  /** Resolves once scanning has ended. Harmless when idle. */
  stopScanning(): Promise<void>;
}
