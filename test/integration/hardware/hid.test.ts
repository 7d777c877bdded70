import { pino } from 'pino';
import { fine, problem } from 'pulsegate/plugin';
import { beforeEach, describe, expect, it } from 'vitest';
import plugin from '../../../plugins/hardware-hid/index.js';
import { protocols } from '../../../plugins/protocols/index.js';
import { seesAt } from '../../support/client-view.js';
import { FakeClock } from '../../support/fake-clock.js';
import { PluggedDevice, replaceBinding } from '../../support/hid-binding.js';
import { startLive } from '../../support/live-gateway.js';
import { level } from '../../support/messages.js';
import { PATIENCE_MS } from '../../support/timing.js';
import { WireClient } from '../../support/wire-client.js';

/** node-hid with its native library replaced, at the level of reports. */

const plugged: PluggedDevice[] = [];
replaceBinding(plugged);
beforeEach(() => {
  plugged.length = 0;
});

const joyCon = (serialNumber = '98:b6:e9:00:00:01') =>
  new PluggedDevice({
    vendorId: 0x057e,
    productId: 0x2007,
    path: `/dev/hidraw-${serialNumber}`,
    serialNumber,
    product: 'Joy-Con (R)',
    interface: -1,
  });

const keyboard = () =>
  new PluggedDevice({ vendorId: 0x046d, productId: 0xc31c, path: '/dev/hidraw9', product: 'Keyboard', interface: 0 });

/** @param devices how many to wait for */
const start = (devices = 0) =>
  startLive({
    devices,
    config: { plugins: { 'hardware-simulated': { devices: [] }, 'hardware-hid': { rescan: 250, driver: 'libusb' } } },
  });

const NEUTRAL = '10010001404000014040';
const FULL = '1001a8c84a72a8c84a72';

describe('a HID device', () => {
  it('is there without a scan, is driven, and is stopped when its client goes', async () => {
    const controller = joyCon();
    plugged.push(controller);
    await using live = await start(1);
    const client = await WireClient.connect(live.url);
    await seesAt(client, { 0: 'Nintendo Joycon' });
    // Rumbling is switched on first.
    expect(controller.reports[0]).toMatch(/^010000000000000000004801/);
    expect(controller.reports.every((report) => report.length === 2 * 64)).toBe(true);
    expect(await client.ask(level(0, 0, 'Vibrate', 1000))).toHaveProperty('Ok');
    const last = () => controller.reports.at(-1)?.slice(0, FULL.length);
    await expect.poll(last, { interval: 5, timeout: PATIENCE_MS }).toBe(FULL);
    client.webSocket.terminate();
    await expect.poll(last, { interval: 5, timeout: PATIENCE_MS }).toBe(NEUTRAL);
  });

  it('that is plugged in later is found, pulled out it is gone, and back it has its index', async () => {
    await using live = await start();
    const client = await WireClient.connect(live.url);
    await seesAt(client, {});
    const [left, right] = [joyCon('98:b6:e9:00:00:01'), joyCon('98:b6:e9:00:00:02')];
    plugged.push(left);
    await seesAt(client, { 0: 'Nintendo Joycon' });
    plugged.push(right);
    await seesAt(client, { 0: 'Nintendo Joycon', 1: 'Nintendo Joycon' });
    left.unplug();
    await seesAt(client, { 1: 'Nintendo Joycon' });
    left.isPlugged = true;
    await seesAt(client, { 0: 'Nintendo Joycon', 1: 'Nintendo Joycon' });
    client.webSocket.terminate();
  });

  it('that nobody can drive is never opened', async () => {
    const typing = keyboard();
    plugged.push(typing, joyCon());
    await using live = await start(1);
    const client = await WireClient.connect(live.url);
    await seesAt(client, { 0: 'Nintendo Joycon' });
    expect(typing.isOpen).toBe(false);
    expect(live.log.join('')).not.toContain('Keyboard');
    client.webSocket.terminate();
  });

  it('that may not be opened is said to be so, with the rule that allows it', async () => {
    const controller = joyCon();
    controller.refusal = 'cannot open device with path /dev/hidraw0: Permission denied';
    plugged.push(controller);
    await using live = await start();
    const said = () => live.log.join('');
    await expect.poll(said, { interval: 10, timeout: PATIENCE_MS }).toContain('Permission denied');
    if (process.platform === 'linux') expect(said()).toContain('ATTRS{idVendor}==\\"057e\\"');
  });

  it('is closed when the gateway ends, after its stop', async () => {
    const controller = joyCon();
    plugged.push(controller);
    const live = await start(1);
    const client = await WireClient.connect(live.url);
    await seesAt(client, { 0: 'Nintendo Joycon' });
    await client.ask(level(0, 0, 'Vibrate', 500));
    await live[Symbol.asyncDispose]();
    expect(controller.isOpen).toBe(false);
    expect(controller.reports.at(-1)?.slice(0, NEUTRAL.length)).toBe(NEUTRAL);
  });
});

describe('pulsegate doctor, of HID devices,', () => {
  const examine = async () => {
    const [clock, log] = [new FakeClock(), pino({ level: 'silent' })];
    return plugin.examine?.({ config: { driver: 'libusb', rescan: 250 }, clock, log, definitions: protocols });
  };

  it('says which of the catalogue are there, and opens no other', async () => {
    const typing = keyboard();
    plugged.push(typing);
    expect(await examine()).toEqual([fine('no device of the catalogue is plugged in')]);
    const controller = joyCon();
    plugged.push(controller);
    expect(await examine()).toEqual([fine('Joy-Con (R) can be opened')]);
    expect([typing.isOpen, controller.isOpen]).toEqual([false, false]);
  });

  it('says what to do about one that may not be opened', async () => {
    const controller = joyCon();
    controller.refusal = 'Permission denied';
    plugged.push(controller, joyCon('98:b6:e9:00:00:02'));
    expect(await examine()).toEqual([
      { ...problem('Joy-Con (R) cannot be opened: Permission denied'), remedy: expect.any(String) },
      fine('Joy-Con (R) can be opened'),
    ]);
  });
});
