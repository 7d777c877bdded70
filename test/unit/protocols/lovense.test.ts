import { describe, expect, it } from 'vitest';
import { lovenseFirmware } from '../../../plugins/hardware-simulated/firmware/lovense.js';
import { lovense } from '../../../plugins/protocols/lovense.js';
import {
  asText,
  type Driver,
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

/** A toy that answers `DeviceType;` with this text. */
const answering = (text: string) => (_endpoint: string, data: Uint8Array, link: FakeLink) => {
  if (Buffer.from(data).toString() === 'DeviceType;') link.notify('rx', text);
};
const toy = (letters: string) =>
  openProtocol(lovense, { name: 'LVS-X', answer: answering(`${letters}:02:0082059AD3BD;`) });
const texts = (traffic: readonly string[]) => asText(traffic.map((entry) => entry.replace(/^tx: /, '')));
const drive = (driver: Driver, ...order: Parameters<Driver['drive']>) => asText(driver.drive(...order));

describe('identifying a Lovense toy', () => {
  it('subscribes, asks once and takes the letters of the answer', async () => {
    const driver = await toy('P');
    expect(driver.link.take()).toEqual(['subscribe rx', 'tx: 44 65 76 69 63 65 54 79 70 65 3b']);
    expect(driver.model.name).toBe('Lovense Edge');
    expect(driver.clock.now()).toBe(0);
  });

  it.each([
    ['EI:02:0082059AD3BD;', 'Lovense Flexer (Firmware update needed)'],
    ['EI:03:0082059AD3BD;', 'Lovense Flexer'],
    ['H:253:0082059AD3BD;', 'Lovense Solace'],
    ['QQ:11:0082059AD3BD;', 'Lovense Device'],
  ])('makes of %s a %s', async (answer, name) => {
    const driver = await openProtocol(lovense, { name: 'LVS-X', answer: answering(answer) });
    expect(driver.model.name).toBe(name);
  });

  it('waits on when something else comes first', async () => {
    const driver = await openProtocol(lovense, {
      name: 'LVS-X',
      answer: (_endpoint, _data, link) => {
        link.notify('rx', 'OK;');
        link.notify('rx', fromHex('ff fe 3a'));
        link.notify('rx', 'Z:05:0082059AD3BD;');
      },
    });
    expect(driver.model.name).toBe('Lovense Hush');
  });

  it.each([
    ['LVS-A011', 'Lovense Nora'],
    ['LVS-Edge36', 'Lovense Edge'],
    ['LOVE-Max', 'Lovense Max'],
    ['LVS-Unheard', 'Lovense Device'],
    ['LVS-', 'Lovense Device'],
  ])('knows a silent %s by its name', async (name, modelName) => {
    const driver = await openProtocol(lovense, { name });
    expect(driver.model.name).toBe(modelName);
    expect(driver.link.take()).toHaveLength(7);
    expect(driver.clock.now()).toBe(3000);
  });

  it('gives up when the toy goes away', async () => {
    const gone = openProtocol(lovense, { name: 'LVS-A011', answer: (_endpoint, _data, link) => link.lose() });
    await expect(gone).rejects.toThrow(/went away/);
  });
});

describe('driving a Lovense toy', () => {
  it('sends Vibrate to toys with one motor', async () => {
    const driver = await toy('Z');
    expect(drive(driver, 0, 'Vibrate', 10)).toEqual(['Vibrate:10;']);
    expect(drive(driver, 0, 'Vibrate', 0)).toEqual(['Vibrate:0;']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('sends Vibrate to machines', async () => {
    expect(drive(await toy('F'), 0, 'Oscillate', 10)).toEqual(['Vibrate:10;']);
  });

  it('numbers the motors of an Edge, each in its own slot', async () => {
    const driver = await toy('P');
    expect(drive(driver, 0, 'Vibrate', 5)).toEqual(['Vibrate1:5;']);
    expect(drive(driver, 1, 'Vibrate', 15)).toEqual(['Vibrate2:15;']);
    expect(asText(driver.stop())).toEqual(['Vibrate1:0;', 'Vibrate2:0;']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1 }]);
  });

  it('numbers vibration and thrusting of a Spinel', async () => {
    const driver = await toy('WD');
    expect([...drive(driver, 0, 'Vibrate', 10), ...drive(driver, 1, 'Oscillate', 10)]).toEqual([
      'Vibrate1:10;',
      'Vibrate2:10;',
    ]);
  });

  it('pumps a Max', async () => {
    const driver = await toy('B');
    expect(drive(driver, 1, 'Constrict', 2)).toEqual(['Air:Level:2;']);
    expect(asText(driver.stop())).toEqual(['Vibrate:0;', 'Air:Level:0;']);
  });

  it('sends all levels of a Flexer at once, in one slot', async () => {
    const driver = await openProtocol(lovense, { name: 'LVS-X', answer: answering('EI:03:0082059AD3BD;') });
    drive(driver, 0, 'Vibrate', 10);
    expect(drive(driver, 1, 'Vibrate', 10)).toEqual(['Mply:10:10:0;']);
    drive(driver, 0, 'Vibrate', 15);
    expect(drive(driver, 2, 'Rotate', 5)).toEqual(['Mply:15:10:5;']);
    expect(asText(driver.stop())).toEqual(['Mply:0:0:0;']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 'device' }]);
  });

  it('turns a Nora around only when the sign changes', async () => {
    const driver = await toy('A');
    const turn = (value: number) => {
      driver.link.take();
      driver.drive(1, 'Rotate', value);
      return texts(driver.link.take());
    };
    expect(turn(-20)).toEqual(['RotateChange;', 'Rotate:20;']);
    expect(turn(-15)).toEqual(['Rotate:15;']);
    expect(turn(5)).toEqual(['RotateChange;', 'Rotate:5;']);
    expect(turn(-5)).toEqual(['RotateChange;', 'Rotate:5;']);
    expect(asText(driver.stop())).toEqual(['Vibrate:0;', 'Rotate:0;']);
    expect(turn(-10)).toEqual(['RotateChange;', 'Rotate:10;']);
    expect(turn(10)).toEqual(['RotateChange;', 'Rotate:10;']);
  });

  it('turns a Nora around right before the speed that it is for, and not for one that never sets out', async () => {
    const driver = await toy('A');
    driver.link.take();
    expect(driver.order(1, 'Rotate', -20)).toMatchObject([{ slot: 1 }]);
    driver.drive(1, 'Rotate', 15);
    expect(texts(driver.link.take())).toEqual(['Rotate:15;']);
    driver.drive(1, 'Rotate', -10);
    driver.order(1, 'Rotate', 0);
    driver.drive(1, 'Rotate', -20);
    expect(texts(driver.link.take())).toEqual(['RotateChange;', 'Rotate:10;', 'Rotate:20;']);
    driver.link.failing = true;
    driver.drive(1, 'Rotate', 20);
    await driver.clock.advance(0);
    expect(texts(driver.link.take())).toEqual(['Rotate:20;']);
  });

  it('stops a Solace with no stroke at all, a Solace Pro without touching the stroke', async () => {
    const solace = await toy('H');
    expect(drive(solace, 0, 'Oscillate', 10)).toEqual(['Mply:10:20;']);
    expect(drive(solace, 0, 'Oscillate', 0)).toEqual(['Mply:0:0;']);
    expect(asText((await toy('BA')).stop())).toEqual(['Mply:0:20;']);
  });
});

describe('moves of a Solace Pro', () => {
  const open = async () => {
    const driver = await toy('BA');
    driver.link.take();
    return driver;
  };
  const move = (driver: Driver, target: number, duration: number) => {
    expect(driver.drive(0, 'HwPositionWithDuration', target, duration)).toEqual([]);
  };
  const waypoints = async (driver: Driver, ms: number) => {
    await driver.clock.advance(ms);
    return texts(driver.link.take());
  };

  it('are led in steps and arrive on time', async () => {
    const driver = await open();
    move(driver, 100, 400);
    expect(await waypoints(driver, 0)).toEqual(['FSetSite:25;']);
    expect(await waypoints(driver, 300)).toEqual(['FSetSite:50;', 'FSetSite:75;', 'FSetSite:100;']);
    expect(await waypoints(driver, 5000)).toEqual([]);
    expect(driver.clock.waiting).toBe(0);
  });

  it('reach targets that are close by, in both directions', async () => {
    const driver = await open();
    move(driver, 5, 1000);
    expect((await waypoints(driver, 2000)).at(-1)).toBe('FSetSite:5;');
    move(driver, 2, 1000);
    expect(await waypoints(driver, 2000)).toEqual(['FSetSite:4;', 'FSetSite:3;', 'FSetSite:2;']);
  });

  it.each([0, 50, 100])('of %i ms go to the target at once', async (duration) => {
    const driver = await open();
    move(driver, 80, duration);
    expect(await waypoints(driver, 1000)).toEqual(['FSetSite:80;']);
  });

  it('are sent even to where the toy should be already, as long as that is not certain', async () => {
    const driver = await open();
    move(driver, 0, 300);
    expect(await waypoints(driver, 1000)).toEqual(['FSetSite:0;']);
  });

  it('go on from where they are when a new one comes, never faster than one packet a step', async () => {
    const driver = await open();
    move(driver, 100, 1000);
    expect(await waypoints(driver, 250)).toEqual(['FSetSite:10;', 'FSetSite:20;', 'FSetSite:30;']);
    move(driver, 0, 300);
    expect(await waypoints(driver, 49)).toEqual([]);
    expect(await waypoints(driver, 300)).toEqual(['FSetSite:15;', 'FSetSite:5;', 'FSetSite:0;']);
  });

  it('take a new duration for the same target', async () => {
    const driver = await open();
    move(driver, 100, 10_000);
    await waypoints(driver, 0);
    move(driver, 100, 200);
    expect((await waypoints(driver, 300)).at(-1)).toBe('FSetSite:100;');
  });

  it('end where they are when they are held, wherever that is', async () => {
    const driver = await open();
    move(driver, 100, 1000);
    expect(await waypoints(driver, 150)).toEqual(['FSetSite:10;', 'FSetSite:20;']);
    expect(driver.hold(0, 30)).toEqual([]);
    expect(await waypoints(driver, 2000)).toEqual([]);
    move(driver, 100, 1000);
    expect(await waypoints(driver, 0)).toEqual(['FSetSite:28;']);
  });

  it('end with a stop', async () => {
    const driver = await open();
    move(driver, 100, 1000);
    await driver.clock.advance(150);
    driver.link.take();
    driver.stop();
    expect(await waypoints(driver, 2000)).toEqual(['Mply:0:20;']);
  });

  it('hold where they are when told to', async () => {
    const driver = await open();
    move(driver, 100, 1000);
    await driver.clock.advance(150);
    driver.link.take();
    driver.stop();
    move(driver, 15, 100);
    expect(await waypoints(driver, 2000)).toEqual(['Mply:0:20;', 'FSetSite:15;']);
  });

  it('end with the device', async () => {
    const driver = await open();
    move(driver, 100, 1000);
    await driver.clock.advance(150);
    driver.close();
    await driver.clock.advance(0);
    expect(driver.clock.waiting).toBe(0);
  });

  it('survive a refused packet: the next move works', async () => {
    const driver = await open();
    driver.link.failing = true;
    move(driver, 100, 500);
    expect(await waypoints(driver, 1000)).toEqual([]);
    driver.link.failing = false;
    move(driver, 50, 0);
    expect(await waypoints(driver, 1000)).toEqual(['FSetSite:50;']);
  });
});

describe('the battery of a Lovense toy', () => {
  it.each([
    ['100;', 100],
    ['s89;', 89],
    ['7;', 7],
  ])('answers %s', async (text, percent) => {
    const driver = await toy('Z');
    driver.link.take();
    driver.link.onWrite = (_endpoint, _data, link) => {
      link.notify('rx', 'OK;');
      link.notify('rx', 'Z:02:0082059AD3BD;');
      link.notify('rx', '255;');
      link.notify('rx', text);
    };
    expect(await driver.read(1, 'Battery')).toBe(percent);
    expect(texts(driver.link.take())).toEqual(['Battery;']);
  });

  it('is not waited for forever', async () => {
    const driver = await toy('Z');
    await expect(driver.read(1, 'Battery')).rejects.toThrow('Lovense Hush did not tell its battery level within 3 s');
    expect(driver.clock.waiting).toBe(0);
  });
});

describe('the simulated Lovense toy', () => {
  it('does what the definition tells it', () => expectFirmwareFollows(lovense, lovenseFirmware));

  it('answers battery questions, at rest and moving', async () => {
    const { driver, toy: simulated } = await openSimulated(lovense, lovenseFirmware, 'P');
    expect(await driver.read(2, 'Battery')).toBe(83);
    driver.drive(0, 'Vibrate', 3);
    simulated.battery = 82;
    expect(await driver.read(2, 'Battery')).toBe(82);
  });

  it('ignores what it does not understand and puts split commands together', async () => {
    const { driver, toy: simulated, firmware } = await openSimulated(lovense, lovenseFirmware, 'A');
    for (const text of [
      '',
      ';',
      'Vibrate;',
      'Vibrate:x;',
      'Vibrate:99;',
      'Vibrate9:3;',
      'Air:Level:2;',
      'Rotate:-3;',
      'FSetSite:9;',
      'Mply:;',
    ]) {
      firmware.write('tx', Buffer.from(text));
    }
    firmware.write('rx', Buffer.from('Vibrate:5;'));
    expect([simulated.level(0, 'Vibrate'), simulated.level(1, 'Rotate'), simulated.target(0)]).toEqual([
      0,
      0,
      undefined,
    ]);
    firmware.write('tx', Buffer.from('Vib'));
    firmware.write('tx', Buffer.from('rate:7;Rotate:3;RotateChange;'));
    expect([simulated.level(0, 'Vibrate'), simulated.level(1, 'Rotate')]).toEqual([7, -3]);
    driver.close();
  });
});
