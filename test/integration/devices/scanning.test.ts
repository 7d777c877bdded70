import { features, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware, type TestHardwareOptions } from '../../support/test-hardware.js';

/** A gateway without simulated hardware and with these managers. */
async function bootManagers(...options: readonly TestHardwareOptions[]) {
  const managers = options.map((one, place) => new TestHardware({ name: `manager-${place}`, ...one }));
  const gateway = await boot({
    plugins: [protocolPlugin(plainProtocol(features(vibrate(20)))), ...managers.map(({ plugin }) => plugin)],
    config: { plugins: { 'hardware-simulated': { enabled: false } } },
  });
  const [first = new TestHardware(), second = new TestHardware()] = managers;
  return { gateway, first, second };
}

const FINISHED = { ScanningFinished: { Id: 0 } };

describe('scanning with several managers', () => {
  it('starts and stops all of them, each once', async () => {
    const { gateway, first, second } = await bootManagers({}, {});
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask({ StartScanning: {} });
    await client.ask({ StartScanning: {} });
    expect([first.scans, second.scans]).toEqual([['start'], ['start']]);
    await client.ask({ StopScanning: {} });
    await client.ask({ StopScanning: {} });
    await gateway.clock.advance(0);
    expect([first.scans, second.scans]).toEqual([
      ['start', 'stop'],
      ['start', 'stop'],
    ]);
  });

  it('is finished when the last of them is', async () => {
    const { gateway, first, second } = await bootManagers({}, {});
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask({ StartScanning: {} });
    first.finishScan();
    expect(client.take()).toEqual([]);
    second.finishScan();
    expect(client.take()).toEqual([FINISHED]);
    second.finishScan();
    expect(client.take(), 'and only once').toEqual([]);
  });

  it('goes on when one of them fails to start, and says so in the log', async () => {
    const { gateway, first, second } = await bootManagers(
      { startScanning: () => Promise.reject(new Error('the adapter is off')) },
      {},
    );
    await using _gateway = gateway;
    const client = await gateway.connect();
    expect(await client.ask({ StartScanning: {} })).toMatchObject({ Ok: {} });
    await gateway.clock.advance(0);
    expect([first.scans, second.scans]).toEqual([['start'], ['start']]);
    expect(gateway.log.filter((line) => line.includes('could not start scanning'))).toEqual([
      expect.stringMatching(/manager-0.*the adapter is off/),
    ]);
    second.finishScan();
    expect(client.take()).toEqual([FINISHED]);
  });

  it('is finished for a manager whose plugin failed meanwhile', async () => {
    const { gateway, first, second } = await bootManagers({}, {});
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask({ StartScanning: {} });
    first.finishScan();
    second.fail('pulled out');
    await gateway.clock.advance(0);
    expect(client.take()).toEqual([FINISHED]);
  });

  it('a start that fails late does not end the scan that was started after it', async () => {
    const slow = Promise.withResolvers<void>();
    let starts = 0;
    const { gateway, first } = await bootManagers({
      startScanning: () => {
        starts += 1;
        return starts === 1 ? slow.promise : Promise.resolve();
      },
    });
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask({ StartScanning: {} });
    await client.ask({ StopScanning: {} });
    await client.ask({ StartScanning: {} });
    client.take();
    slow.reject(new Error('too late'));
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start', 'stop', 'start']);
    expect(client.take()).toEqual([]);
    await client.ask({ StopScanning: {} });
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start', 'stop', 'start', 'stop']);
  });

  it('a manager that never gets its scan started does not keep the gateway from stopping', async () => {
    const { gateway } = await bootManagers({ startScanning: () => new Promise(() => {}) });
    const client = await gateway.connect();
    expect(await client.ask({ StartScanning: {} })).toMatchObject({ Ok: {} });
    await gateway[Symbol.asyncDispose]();
    expect(gateway.log.filter((line) => line.includes('scanning did not end'))).toHaveLength(1);
  });
});

describe('scanning for several sessions', () => {
  it('runs while at least one of them wants it', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const [one, two] = [await gateway.connect(), await gateway.connect(3)];
    await one.ask({ StartScanning: {} });
    await two.ask({ StartScanning: {} });
    await one.ask({ StopScanning: {} });
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start']);
    await two.ask({ StopScanning: {} });
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start', 'stop']);
  });

  it('tells each when its own scan is over, and nobody who did not scan', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const [one, two, bystander] = [await gateway.connect(0), await gateway.connect(2), await gateway.connect()];
    await one.ask({ StartScanning: {} });
    await two.ask({ StartScanning: {} });
    await one.ask({ StopScanning: {} });
    expect([one.take(), two.take(), bystander.take()]).toEqual([[FINISHED], [], []]);
    first.finishScan();
    expect([one.take(), two.take(), bystander.take()]).toEqual([[], [FINISHED], []]);
  });

  it('a stop of somebody who does not scan stops nobody’s scan', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const [one, two] = [await gateway.connect(), await gateway.connect()];
    await one.ask({ StartScanning: {} });
    expect(await two.ask({ StopScanning: {} })).toMatchObject({ Ok: {} });
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start']);
    expect([one.take(), two.take()]).toEqual([[], []]);
  });

  it('ends with the last session that wanted it, however that went', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const [one, two] = [await gateway.connect(), await gateway.connect()];
    await one.ask({ StartScanning: {} });
    await two.ask({ StartScanning: {} });
    one.cut();
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start']);
    await two.ask({ Disconnect: {} });
    await gateway.clock.advance(0);
    expect(first.scans).toEqual(['start', 'stop']);
  });

  it('lets a manager that was done look again for a newcomer', async () => {
    const { gateway, first, second } = await bootManagers({}, {});
    await using _gateway = gateway;
    const [one, two] = [await gateway.connect(), await gateway.connect()];
    await one.ask({ StartScanning: {} });
    first.finishScan();
    await two.ask({ StartScanning: {} });
    await gateway.clock.advance(0);
    expect([first.scans, second.scans]).toEqual([['start', 'start'], ['start']]);
  });
});

describe('ScanningFinished', () => {
  it.each([0, 1, 2, 3, 4] as const)('comes after the Ok of both messages in version %i', async (version) => {
    const { gateway } = await bootManagers();
    await using _gateway = gateway;
    const client = await gateway.connect(version);
    client.tell({ StartScanning: { Id: 1 } }, { StopScanning: { Id: 2 } });
    expect(client.take()).toEqual([{ Ok: { Id: 1 } }, FINISHED, { Ok: { Id: 2 } }]);
    const managed = await bootManagers({});
    await using _managed = managed.gateway;
    const other = await managed.gateway.connect(version);
    other.tell({ StartScanning: { Id: 1 } }, { StopScanning: { Id: 2 } });
    expect(other.take()).toEqual([{ Ok: { Id: 1 } }, { Ok: { Id: 2 } }, FINISHED]);
  });
});

describe('devices', () => {
  it('are connected during a scan and outside one', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const client = await gateway.connect();
    first.show(first.device({ name: 'Plain', address: 'before' }));
    await gateway.clock.advance(0);
    await client.ask({ StartScanning: {} });
    first.show(first.device({ name: 'Plain', address: 'during' }));
    await gateway.clock.advance(0);
    expect(client.take().at(-1)).toMatchObject({ DeviceList: { Devices: { 0: {}, 1: {} } } });
  });

  it('that are seen again and again are connected once', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const client = await gateway.connect();
    const device = first.device({ name: 'Plain' });
    for (let count = 0; count < 5; count += 1) {
      first.show(device, device);
      await gateway.clock.advance(10);
    }
    expect(device.links).toHaveLength(1);
    expect(client.take()).toHaveLength(1);
  });

  it('that no protocol claims are noted once per scan and left alone', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const client = await gateway.connect();
    const stranger = first.device({ name: 'A kettle' });
    const noted = () => gateway.log.filter((line) => line.includes('no protocol claims it')).length;
    first.show(stranger, stranger);
    await gateway.clock.advance(0);
    expect(noted()).toBe(1);
    await client.ask({ StartScanning: {} });
    first.show(stranger);
    await gateway.clock.advance(0);
    expect(noted()).toBe(2);
    expect(stranger.links).toEqual([]);
    expect(client.take()).toEqual([]);
  });

  it('that cannot be opened are said in the log, and tried again when they are seen again', async () => {
    const { gateway, first } = await bootManagers({});
    await using _gateway = gateway;
    const device = first.device({ name: 'Plain' });
    device.unreachable = true;
    first.show(device);
    await gateway.clock.advance(0);
    expect(gateway.log.filter((line) => line.includes('could not connect'))).toEqual([
      expect.stringContaining('Plain does not answer'),
    ]);
    device.unreachable = false;
    first.show(device);
    await gateway.clock.advance(0);
    expect(device.links).toHaveLength(1);
  });
});
