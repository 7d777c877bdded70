import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { SpecVersion } from '../../core/protocol/model.js';
import type { Message, TestLine } from '../support/boot.js';
import { type Announced, readAnnounced } from './announced.js';

/** A request on its way. */
export interface Pending {
  readonly id: number;
  readonly name: string;
}

const DeviceMap = Compile(Type.Object({ Devices: Type.Record(Type.String(), Type.Unknown()) }));
const BatteryLevel = Compile(Type.Object({ BatteryLevelReading: Type.Object({ BatteryLevel: Type.Number() }) }));
const SensorReading = Compile(Type.Object({ SensorReading: Type.Object({ Data: Type.Array(Type.Number()) }) }));
const InputReading = Compile(
  Type.Object({
    InputReading: Type.Object({ Reading: Type.Object({ Battery: Type.Object({ Value: Type.Number() }) }) }),
  }),
);

/** A client after its handshake. It never lets time pass: sending and looking is all it does. */
export class CaseClient {
  #nextId = 1000;

  constructor(
    private readonly line: TestLine,
    readonly version: SpecVersion,
  ) {}

  send(message: Message): Pending {
    const [name, fields] = Object.entries(message)[0] ?? ['', {}];
    this.#nextId += 1;
    const id = this.#nextId;
    this.line.tell({ [name]: { Id: id, ...fields } });
    return { id, name };
  }

  /** The reply, if it has come. */
  reply({ id }: Pending): Message | undefined {
    return this.line.events.find((message) => Object.values(message)[0]?.Id === id);
  }

  /** An Error that answers no request. */
  get complaint(): Message | undefined {
    return this.line.events.find(({ Error: error }) => error?.Id === 0);
  }

  /** The devices the client knows of by what it heard since it connected. Throws when they are not described in its version. */
  get devices(): readonly Announced[] {
    const devices = new Map<number, Announced>();
    for (const { DeviceList, DeviceAdded, DeviceRemoved } of this.line.events) {
      if (DeviceRemoved) devices.delete(Number(DeviceRemoved.DeviceIndex));
      if (DeviceList) devices.clear();
      const described = DeviceAdded
        ? [DeviceAdded]
        : Object.values(DeviceList ? DeviceMap.Parse(DeviceList).Devices : {});
      for (const device of described.map((one) => readAnnounced(this.version, one))) devices.set(device.index, device);
    }
    return [...devices.values()];
  }
}

/** The charge in a reply to a battery read, 0…1; undefined when the reply has none. */
export function chargeIn(reply: Message): number | undefined {
  if (BatteryLevel.Check(reply)) return reply.BatteryLevelReading.BatteryLevel;
  if (InputReading.Check(reply)) return reply.InputReading.Reading.Battery.Value / 100;
  const percent = SensorReading.Check(reply) ? reply.SensorReading.Data[0] : undefined;
  return percent === undefined ? undefined : percent / 100;
}
