import { pino } from 'pino';
import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { cowgirlConeFirmware } from '../../../plugins/hardware-simulated/firmware/cowgirl-cone.js';
import { cowgirlCone } from '../../../plugins/protocols/cowgirl-cone.js';
import { FakeClock } from '../../support/fake-clock.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('cowgirl-cone', () => {
  it('greets the toy, waits until it is ready, and vibrates', async () => {
    const clock = new FakeClock();
    const driver = await openProtocol(cowgirlCone, { name: 'CG-CONE', clock });
    expect(driver.model.name).toBe('The Cowgirl Cone');
    expect(clock.now()).toBe(3000);
    expect(driver.link.take()).toEqual(['tx: aa 56 00 00']);
    expect(driver.drive(0, 'Vibrate', 64)).toEqual(['f1 01 40 00']);
    expect(driver.drive(0, 'Vibrate', 96)).toEqual(['f1 01 60 00']);
    expect(driver.stop()).toEqual(['f1 01 00 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('gives up a toy that goes away meanwhile', async () => {
    const { clock, identifier, link, model } = await openProtocol(cowgirlCone, { name: 'CG-CONE' });
    const gone = new AbortController();
    const advertisement = { kind: link.kind, name: link.name, address: link.address };
    const log = pino({ level: 'silent' });
    const opening = async () =>
      cowgirlCone.open({ advertisement, link, clock, log, signal: gone.signal, identifier, model });
    const start = clock.now();
    clock.after(1000, () => gone.abort(new LinkError('it is off')));
    await expect(clock.until(opening())).rejects.toThrow('it is off');
    expect(clock.now() - start).toBe(1000);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(cowgirlCone, cowgirlConeFirmware, { unlisted: null }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(cowgirlCone, cowgirlConeFirmware, 'CG-CONE');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', 'f1 01 40', 'f1 02 40 00', 'f1 01 81 00', 'f1 01 40 01', 'f1 01 40 00 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('f1 01 40 00 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
