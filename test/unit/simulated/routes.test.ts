import { describe, expect, it } from 'vitest';
import { connect, startPlugin } from '../../support/simulation.js';

const testbed = (options: object = {}) => startPlugin({ devices: [{ model: 'Pulsegate Testbed', ...options }] });

describe('/api/simulated', () => {
  it('lists the toys', async () => {
    await using plugin = await startPlugin();
    const { status, body } = await plugin.get('');
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id: 'lovense-edge-1',
        model: 'Lovense Edge',
        name: 'LVS-P36',
        address: 'simulated:lovense-edge-1',
        connected: false,
      },
      { id: 'the-handy-1', model: 'The Handy', name: 'The Handy', address: 'simulated:the-handy-1', connected: false },
    ]);
  });

  it('shows what a toy does and what it was told', async () => {
    await using plugin = await startPlugin({ devices: [{ model: 'Lovense Edge', battery: 60 }] });
    const [discovery] = plugin.host.discovered;
    if (!discovery) throw new Error('nothing there');
    const link = await connect(plugin.catalogue, discovery);
    await link.write('tx', new TextEncoder().encode('Vibrate2:9;'), { withResponse: false });
    expect((await plugin.get('/lovense-edge-1')).body).toEqual({
      id: 'lovense-edge-1',
      model: 'Lovense Edge',
      protocol: 'lovense',
      identifier: 'P',
      name: 'LVS-P36',
      address: 'simulated:lovense-edge-1',
      connected: true,
      decoded: true,
      battery: 60,
      rssi: -55,
      outputs: [
        { feature: 0, type: 'Vibrate', level: 0 },
        { feature: 1, type: 'Vibrate', level: 9 },
      ],
      packets: [
        { time: '2026-01-01T00:00:00.000Z', endpoint: 'tx', hex: '56696272617465323a393b', text: 'Vibrate2:9;' },
      ],
    });
  });

  it('has no signal strength for a toy on a wire', async () => {
    await using plugin = await startPlugin({ devices: [{ model: 'TCode v0.3 (Single Linear Axis)' }] });
    expect((await plugin.get('/tcode-v0-3-single-linear-axis-1')).body.rssi).toBeNull();
  });

  it('says which toys there are when asked for another', async () => {
    await using plugin = await testbed();
    const error = 'There is no simulated device "nobody"; there are pulsegate-testbed-1';
    expect(await plugin.get('/nobody')).toEqual({ status: 404, body: { error } });
    expect(await plugin.post('/nobody/sensors', { feature: 11, value: 1 })).toEqual({ status: 404, error });
    expect(await plugin.post('/nobody/disconnect')).toEqual({ status: 404, error });
  });

  it('presses and squeezes', async () => {
    await using plugin = await testbed();
    const [discovery] = plugin.host.discovered;
    if (!discovery) throw new Error('nothing there');
    const link = await connect(plugin.catalogue, discovery);
    await link.subscribe('rx');
    const heard: string[] = [];
    link.on('notification', (_endpoint, data) => heard.push(Buffer.from(data).toString('hex')));
    expect(await plugin.post('/pulsegate-testbed-1/sensors', { feature: 11, value: 513 })).toEqual({ status: 204 });
    expect(await plugin.post('/pulsegate-testbed-1/sensors', { feature: 12, value: 1 })).toEqual({ status: 204 });
    expect(heard).toEqual(['030b0201', '030c0001']);
  });

  it.each([
    [{ feature: 11 }, "the body must have required property 'value'"],
    [{ feature: 'x', value: 1 }, 'the body/feature must be integer'],
    [{ feature: 11, value: 1.5 }, 'the body/value must be integer'],
    [undefined, 'the body must be object'],
    [{ feature: 0, value: 1 }, 'Feature 0 of Pulsegate Testbed has no sensor'],
    [{ feature: 99, value: 1 }, 'Feature 99 of Pulsegate Testbed has no sensor'],
    [{ feature: 9, value: 1 }, 'Feature 9 of Pulsegate Testbed has no sensor'],
    [{ feature: 11, value: 1001 }, 'Feature 11 of Pulsegate Testbed feels 0 to 1000, not 1001'],
  ])('refuses the sensor %j', async (body, sentence) => {
    await using plugin = await testbed();
    const { status, error } = await plugin.post('/pulsegate-testbed-1/sensors', body);
    expect(status).toBe(400);
    expect(error).toContain(sentence);
  });

  it('drops the link for as long as it is told, or as long as the device usually stays away', async () => {
    await using plugin = await testbed({ awayFor: 4 });
    const { host, clock } = plugin;
    for (const [body, seconds] of [
      [{ awayFor: 7 }, 7],
      [undefined, 4],
      [{}, 4],
    ] as const) {
      const [discovery] = host.discovered;
      if (!discovery) throw new Error('nothing there');
      host.take();
      await connect(plugin.catalogue, discovery);
      expect(await plugin.post('/pulsegate-testbed-1/disconnect', body)).toEqual({ status: 204 });
      expect((await plugin.get('/pulsegate-testbed-1')).body.connected).toBe(false);
      await clock.advance(seconds * 1000 - 1);
      expect(host.discovered).toEqual([]);
      await clock.advance(1);
      expect(host.discovered).toHaveLength(1);
    }
    const refused = await plugin.post('/pulsegate-testbed-1/disconnect', { awayFor: -1 });
    expect(refused.status).toBe(400);
    expect(refused.error).toContain('the body/awayFor must be >= 0');
  });
});
