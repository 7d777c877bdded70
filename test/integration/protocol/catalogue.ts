import { expect } from 'vitest';
import type { Booted, Message } from '../../support/boot.js';
import { bootWithSettings, failure, ok, type Version } from './support.js';

/** The client messages of messages §2.1, each with one example and its good reply, written down independently of the core. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Body = { readonly [key: string]: Json };

export interface KnownMessage {
  readonly name: string;
  readonly versions: readonly Version[];
  /** Without its Id. */
  readonly body: Body;
  /** Fields that may be left out. */
  readonly optional?: readonly string[];
  readonly reply: (id: number) => Message;
}

const UP_TO_V3 = [0, 1, 2, 3] as const;
const ALL = [0, 1, 2, 3, 4] as const;

const known = (
  name: string,
  versions: readonly Version[],
  body: Body = {},
  reply: KnownMessage['reply'] = ok,
  optional: readonly string[] = [],
): KnownMessage => ({ name, versions, body, reply, optional });

const device = { DeviceIndex: 0 };
const sensor = { DeviceIndex: 0, SensorIndex: 0 };
const endpoint = { DeviceIndex: 0, Endpoint: 'rxblebattery' };

export const catalogue: readonly KnownMessage[] = [
  known('Ping', ALL),
  known('StartScanning', ALL),
  known('StopScanning', ALL),
  known('RequestDeviceList', ALL, {}, (Id) => ({ DeviceList: { Id, Devices: expect.anything() } })),
  known('StopAllDevices', UP_TO_V3),
  known('StopDeviceCmd', UP_TO_V3, device),
  known('StopCmd', [4], { ...device, FeatureIndex: 0, Inputs: true, Outputs: true }, ok, [
    'DeviceIndex',
    'FeatureIndex',
    'Inputs',
    'Outputs',
  ]),
  known('SingleMotorVibrateCmd', [0, 1], { ...device, Speed: 0.5 }),
  known('VibrateCmd', [1, 2, 3], { ...device, Speeds: [{ Index: 0, Speed: 0.5 }] }),
  known('RotateCmd', [1, 2, 3], { ...device, Rotations: [{ Index: 0, Speed: 0.5, Clockwise: true }] }),
  known('LinearCmd', [1, 2, 3], { ...device, Vectors: [{ Index: 0, Duration: 500, Position: 0.5 }] }),
  known('ScalarCmd', [3], { ...device, Scalars: [{ Index: 0, Scalar: 0.5, ActuatorType: 'Vibrate' }] }),
  known('FleshlightLaunchFW12Cmd', [0, 1], { ...device, Position: 50, Speed: 50 }),
  known('VorzeA10CycloneCmd', [0, 1], { ...device, Speed: 50, Clockwise: false }),
  known('KiirooCmd', [0, 1], { ...device, Command: '2' }),
  known('LovenseCmd', [0, 1], { ...device, Command: 'Vibrate:5;' }, (id) => failure(3, id, /not supported/)),
  known('RawCmd', [0], { ...device, Command: [1, 2] }, (id) => failure(3, id, /not supported/)),
  known('Test', [0, 1], { TestString: 'Hello' }, (Id) => ({ Test: { Id, TestString: 'Hello' } })),
  known('RequestLog', [0, 1], { LogLevel: 'Off' }),
  known('BatteryLevelCmd', [2], device, (Id) => ({ BatteryLevelReading: { Id, ...device, BatteryLevel: 1 } })),
  known('RSSILevelCmd', [2], device, (Id) => ({
    RSSILevelReading: { Id, ...device, RSSILevel: expect.any(Number) },
  })),
  known('RawWriteCmd', [2, 3], { ...device, Endpoint: 'tx', Data: [1, 255], WriteWithResponse: false }),
  known('RawReadCmd', [2, 3], { ...endpoint, Length: 1, WaitForData: false }, (Id) => ({
    RawReading: { Id, ...endpoint, Data: [100] },
  })),
  known('RawSubscribeCmd', [2, 3], endpoint),
  known('RawUnsubscribeCmd', [2, 3], endpoint),
  known('SensorReadCmd', [3], { ...sensor, SensorType: 'Battery' }, (Id) => ({
    SensorReading: { Id, ...sensor, SensorType: 'Battery', Data: [100] },
  })),
  known('SensorSubscribeCmd', [3], { ...sensor, SensorType: 'Pressure' }),
  known('SensorUnsubscribeCmd', [3], { ...sensor, SensorType: 'Pressure' }),
  known('OutputCmd', [4], { ...device, FeatureIndex: 0, Command: { Vibrate: { Value: 7 } } }),
  known('InputCmd', [4], { ...device, FeatureIndex: 9, Type: 'Battery', Command: 'Read' }, (Id) => ({
    InputReading: { Id, ...device, FeatureIndex: 9, Reading: { Battery: { Value: 100 } } },
  })),
  known('RequestServerInfo', ALL, { ClientName: 'Again' }, (id) => failure(1, id)),
  // Last: it ends the session.
  known('Disconnect', [4]),
];

/** A gateway with a device that has everything, opened to raw messages, and room for many mistakes. */
export function bootEverything(): Promise<Booted> {
  return bootWithSettings([{ address: 'simulated:pulsegate-testbed-1', raw: true }], {
    devices: [{ model: 'Pulsegate Testbed' }],
    config: { sessions: { maxErrorsPerSecond: 1_000_000 } },
  });
}
