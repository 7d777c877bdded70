import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { connect, startPlugin } from '../../support/simulation.js';

const EDGE = 'simulated:lovense-edge-1';
const HANDY = 'simulated:the-handy-1';
const first = <T>(list: readonly T[]): T => {
  const [found] = list;
  if (found === undefined) throw new Error('nothing there');
  return found;
};

describe('SimulatedManager', () => {
  it('shows an Edge and a Handy as soon as it runs, when nothing else is asked for', async () => {
    await using plugin = await startPlugin();
    expect(plugin.host.take()).toEqual([EDGE, HANDY]);
  });

  it('shows toys that wait for a scan in a scan, which ends by itself', async () => {
    await using plugin = await startPlugin({
      devices: [{ model: 'Lovense Edge', present: 'on-scan' }, { model: 'The Handy' }],
    });
    const { host, manager, clock } = plugin;
    expect(host.take()).toEqual([HANDY]);
    await manager.startScanning();
    expect(host.take()).toEqual([EDGE, HANDY]);
    await clock.advance(49);
    expect(host.scansFinished).toBe(0);
    await clock.advance(1);
    expect(host.scansFinished).toBe(1);
  });

  it('does not say that a scan finished which was stopped', async () => {
    await using plugin = await startPlugin();
    await plugin.manager.startScanning();
    await plugin.manager.stopScanning();
    await plugin.manager.stopScanning();
    await plugin.clock.advance(1000);
    expect(plugin.host.scansFinished).toBe(0);
  });

  it('does not show a toy that is connected', async () => {
    await using plugin = await startPlugin();
    const { host, manager, catalogue } = plugin;
    const link = await connect(catalogue, first(host.discovered));
    host.take();
    await manager.startScanning();
    expect(host.take()).toEqual([HANDY]);
    await link.disconnect();
    await manager.startScanning();
    expect(host.take()).toEqual([EDGE, HANDY]);
  });

  it('drops the link again and again, is away for a while, and comes back', async () => {
    await using plugin = await startPlugin({ devices: [{ model: 'Lovense Edge', disconnectEvery: 5, awayFor: 3 }] });
    const { host, manager, catalogue, clock } = plugin;
    const discovery = first(host.discovered);
    for (let round = 0; round < 2; round += 1) {
      const link = await connect(catalogue, discovery);
      const reasons: string[] = [];
      link.on('disconnected', (reason) => reasons.push(reason));
      host.take();
      await clock.advance(4999);
      expect(reasons).toEqual([]);
      await clock.advance(1);
      expect(reasons).toEqual(['the device went out of reach']);
      await manager.startScanning();
      await clock.advance(2999);
      expect(host.take()).toEqual([]);
      await expect(connect(catalogue, discovery)).rejects.toThrow(LinkError);
      await clock.advance(1);
      expect(host.take()).toEqual([EDGE]);
    }
    await connect(catalogue, discovery);
  });

  it('counts the time of a connection anew for each', async () => {
    await using plugin = await startPlugin({ devices: [{ model: 'Lovense Edge', disconnectEvery: 5 }] });
    const { host, catalogue, clock } = plugin;
    const link = await connect(catalogue, first(host.discovered));
    await clock.advance(4000);
    await link.disconnect();
    const next = await connect(catalogue, first(host.discovered));
    let lost = false;
    next.on('disconnected', () => {
      lost = true;
    });
    await clock.advance(4000);
    expect(lost).toBe(false);
    await clock.advance(1000);
    expect(lost).toBe(true);
  });

  it('does not answer when it goes away while being connected', async () => {
    await using plugin = await startPlugin({ devices: [{ model: 'Lovense Edge', latency: 100 }] });
    const connecting = expect(connect(plugin.catalogue, first(plugin.host.discovered))).rejects.toThrow('out of reach');
    await plugin.clock.advance(50);
    await plugin.post('/lovense-edge-1/disconnect');
    await plugin.clock.advance(50);
    await connecting;
  });

  it('lets the gateway stop the devices before it ends what is left', async () => {
    const plugin = await startPlugin({
      devices: [
        { model: 'Lovense Edge', latency: 20, disconnectEvery: 9 },
        { model: 'The Handy', latency: 20 },
      ],
    });
    const { host, catalogue, clock } = plugin;
    const [edge, handy] = host.discovered;
    if (!edge || !handy) throw new Error('nothing there');
    const link = await clock.until(connect(catalogue, edge));
    const connectedAtDetach: boolean[] = [];
    link.on('disconnected', () => connectedAtDetach.push(host.isDetached));
    const connecting = expect(connect(catalogue, handy)).rejects.toThrow('The simulation has ended');
    await plugin.manager.startScanning();
    await plugin[Symbol.asyncDispose]();
    expect(connectedAtDetach).toEqual([true]);
    await connecting;
    expect(await connect(catalogue, edge).catch((error: unknown) => error)).toBeInstanceOf(LinkError);
  });

  it('fails to start with a model that does not exist', async () => {
    await expect(startPlugin({ devices: [{ model: 'Lovense Egde' }] })).rejects.toThrow('near ones: Lovense Edge');
  });
});
