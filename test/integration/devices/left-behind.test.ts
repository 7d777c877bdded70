import { copyFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level } from '../../support/messages.js';

/** Nobody sees these without a scan. */
const TOYS = ['Lovense Edge', 'Lovense Hush'].map((model, at) => ({
  model,
  address: `C0:FF:EE:00:00:0${at}`,
  present: 'on-scan',
  messageGap: 0,
}));

const [EDGE, HUSH] = ['LVS-P36', 'LVS-Z36'];

const bootOn = (folder: DataFolder, devices = TOYS) => boot({ devices, config: folder.config });

const connected = async (gateway: Booted) =>
  (await gateway.toys()).filter((toy) => toy.connected).map(({ name }) => name);

/** What a gateway leaves on disk when it is killed at this moment. */
async function killedNow(folder: DataFolder): Promise<DataFolder> {
  const left = await DataFolder.create();
  await copyFile(folder.state, left.state);
  return left;
}

/** An Edge that vibrates. */
async function driveEdge(gateway: Booted) {
  const client = await gateway.connect();
  await client.ask({ StartScanning: {} });
  await gateway.clock.advance(1_000);
  await client.ask(level(0, 0, 'Vibrate', 9));
  await gateway.clock.advance(100);
  return client;
}

describe('a device that a killed gateway has left on', () => {
  it('is found by the next one without a scan, and is stopped; no other is touched', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, TOYS.slice(0, 1));
    await driveEdge(gateway);
    await using left = await killedNow(first);

    await using next = await bootOn(left);
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE]);
    const [edge] = await next.toys();
    expect(edge?.packets.map(({ text }) => text)).toContain('Vibrate1:0;');
    expect(next.log.join('')).toContain(
      'the last run did not get to stop these, and they are looked for: Lovense Edge',
    );
    expect(next.log.join('')).toContain('found what the last run did not stop');
    // The search is over: whoever scans has all there is, and hears of the end.
    const client = await next.connect();
    await client.ask({ StartScanning: {} });
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE, HUSH]);
    expect(client.take()).toContainEqual({ ScanningFinished: { Id: 0 } });
  });

  it('that is not there is looked for during half a minute, and never again', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first);
    await driveEdge(gateway);
    await using left = await killedNow(first);

    {
      await using next = await bootOn(left, []);
      await next.clock.advance(29_000);
      expect(next.log.join('')).not.toContain('not found');
      await next.clock.advance(1_000);
      expect(next.log.join('')).toContain(
        'not found within 30 s, and not looked for any more; see to it that they are off: Lovense Edge, Lovense Hush',
      );
    }
    await using last = await bootOn(left);
    await last.clock.advance(1_000);
    expect(await connected(last)).toEqual([]);
  });

  it('is found by somebody else scanning as well', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, TOYS.slice(0, 1));
    await driveEdge(gateway);
    await using left = await killedNow(first);

    await using next = await bootOn(left);
    const client = await next.connect();
    await client.ask({ StartScanning: {} });
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE, HUSH]);
  });
});

describe('nothing is looked for', () => {
  it('after a run that ended in order', async () => {
    await using folder = await DataFolder.create();
    {
      await using gateway = await bootOn(folder);
      await driveEdge(gateway);
    }
    await using next = await bootOn(folder);
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([]);
    expect(next.log.join('')).not.toContain('looked for');
  });

  it('that dropped out at rest; what was on then is looked for', async () => {
    await using folder = await DataFolder.create();
    {
      await using gateway = await bootOn(folder);
      await driveEdge(gateway);
      for (const id of ['lovense-edge-1', 'lovense-hush-1']) {
        expect(await gateway.post(`/api/simulated/${id}/disconnect`, { awayFor: 60_000 })).toBe(204);
      }
      await gateway.clock.advance(100);
      expect(await connected(gateway)).toEqual([]);
    }
    await using next = await bootOn(folder);
    expect(next.log.join('')).toContain('they are looked for: Lovense Edge"');
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE]);
  });
});
