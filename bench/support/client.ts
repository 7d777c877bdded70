import { encodeFrame, Wire } from '#bench/support/wire';

/** Third letter of a reply's name tells what it is: `[{"Ok"`, `[{"Error"`, anything else is an event. */
const OK = 'O'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);
const NAME_AT = 3;

export type Answer = 'ok' | 'error';

/** A client of spec version 4 after its handshake. */
export class Client {
  onAnswer: (answer: Answer) => void = () => {};

  readonly wire: Wire;

  private constructor(wire: Wire) {
    this.wire = wire;
    wire.onText = (payload) => {
      const letter = payload[NAME_AT];
      if (letter === OK) this.onAnswer('ok');
      else if (letter === ERROR) this.onAnswer('error');
    };
  }

  /** The floor answers the handshake with Ok, a gateway with ServerInfo. */
  static async connect(port: number): Promise<Client> {
    const wire = await Wire.open(port);
    await new Promise<void>((resolve, reject) => {
      wire.onText = () => resolve();
      wire.onClosed = () => reject(new Error('closed during the Buttplug handshake'));
      wire.send(
        encodeMessage({
          RequestServerInfo: { Id: 1, ClientName: 'bench', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 },
        }),
      );
    });
    wire.onClosed = () => {};
    return new Client(wire);
  }
}

/** How many connect at the same time: a server limits how many may be without a handshake. */
const AT_ONCE = 20;

export async function connectMany(
  port: number,
  count: number,
  onConnected: (client: Client, at: number) => void = () => {},
): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const batch = Math.min(AT_ONCE, count - clients.length);
    const connected = await Promise.all(Array.from({ length: batch }, () => Client.connect(port)));
    for (const client of connected) {
      onConnected(client, clients.length);
      clients.push(client);
    }
  }
  return clients;
}

export const encodeMessage = (message: object): Buffer => encodeFrame(JSON.stringify([message]));

/** Sets feature `feature` of the testbed device: Vibrate, Rotate, Oscillate, Constrict, Temperature by index. */
export function encodeOutput(id: number, device: number, feature: number, value: number): Buffer {
  const type = ['Vibrate', 'Rotate', 'Oscillate', 'Constrict', 'Temperature'][feature] ?? 'Vibrate';
  const Command = { [type]: { Value: value } };
  return encodeMessage({ OutputCmd: { Id: id, DeviceIndex: device, FeatureIndex: feature, Command } });
}
