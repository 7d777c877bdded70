import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boot } from '../support/boot.js';
import { DataFolder } from '../support/data-folder.js';
import { level, move } from '../support/messages.js';
import { TestHardware } from '../support/test-hardware.js';

const LUMA = `
id: luma
brand: Luma Toys
webSocket: { name: Luma 2 }
models:
  - name: Luma Two
    identifiers: [Luma 2]
    features:
      - { vibrate: 20, description: Shaft }
      - { rotateBothWays: 10 }
      - { timedPosition: 100 }
packets:
  start: [aa 01]
  vibrate: aa 04 {feature} {value} {sum8}
  rotate: aa 05 {value:i8}
  timedPosition: aa 06 {value} {duration:u16le}
`;

/** A gateway with these files in its folder of definitions, and the device that the first of them is about. */
async function withFiles(files: Readonly<Record<string, string>>) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await DataFolder.create());
  const definitions = join(folder.path, 'devices');
  await mkdir(definitions);
  for (const [name, text] of Object.entries(files)) await writeFile(join(definitions, name), text);
  const hardware = new TestHardware();
  const device = hardware.device({ name: 'Luma 2' });
  const config = { plugins: { 'definition-files': { folder: definitions } } };
  const gateway = stack.use(await boot({ plugins: [hardware.plugin], config }));
  hardware.show(device);
  await gateway.clock.advance(0);
  const errors = gateway.log.filter((line) => line.includes('is left out')).map((line) => String(JSON.parse(line).msg));
  return { gateway, device, errors, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('a definition in a file', () => {
  it('drives a device that nobody has written code for', async () => {
    await using stage = await withFiles({ 'luma.yml': LUMA, 'notes.txt': 'not a definition' });
    const { gateway, device, errors } = stage;
    expect(errors).toEqual([]);
    const client = await gateway.connect();
    expect(JSON.stringify(client.take())).toContain('"DeviceName":"Luma Two"');
    await client.ask(level(0, 0, 'Vibrate', 20));
    await client.ask(level(0, 1, 'Rotate', -10));
    await client.ask(move(0, 2, 50, 1000));
    expect(await client.ask(level(0, 0, 'Vibrate', 21))).toHaveProperty('Error');
    await gateway.clock.advance(10);
    expect(device.take()).toEqual(['aa01', 'aa040014c2', 'aa05f6', 'aa0632e803']);
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(10);
    expect(device.take()).toEqual(expect.arrayContaining(['aa040000ae', 'aa0500']));
  });

  it.each([
    [
      'a key that nobody knows',
      LUMA.replace('brand:', 'brnad:'),
      /luma\.yml:3: brnad: unknown key, did you mean "brand"\?/,
    ],
    ['a packet that is none', LUMA.replace('{sum8}', '{sum9}'), /luma\.yml:14: packets\.vibrate: /],
    ['an output without a packet', LUMA.replace(/ {2}rotate: .*\n/, ''), /packets\.rotate does not say what to send/],
    ['no way to reach devices', LUMA.replace(/webSocket: .*\n/, ''), /nothing of how devices are reached/],
    [
      'a feature that does nothing',
      LUMA.replace('{ vibrate: 20, description: Shaft }', '{ description: Shaft }'),
      /a feature of Luma Two does nothing/,
    ],
    ['what is no YAML', 'id: [', /luma\.yml/],
    ['the id of a protocol that there is', LUMA.replace('id: luma', 'id: lovense'), /already a protocol named lovense/],
  ])('with %s is left out with the reason, and disturbs no other', async (_what, text, reason) => {
    const other = LUMA.replace('id: luma', 'id: other').replaceAll('Luma 2', 'Other');
    await using stage = await withFiles({ 'luma.yml': text, 'other.yml': other });
    expect(stage.errors).toHaveLength(1);
    expect(stage.errors[0]).toMatch(reason);
    expect(stage.gateway.log.join()).toContain('1 models from other.yml');
  });

  it('need not be there', async () => {
    await using gateway = await boot({ config: { plugins: { 'definition-files': { folder: './nowhere' } } } });
    expect(gateway.gateway.plugins.find(({ name }) => name === 'definition-files')?.state).toBe('running');
  });
});
