import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtinSections } from '../../../core/builtin-plugins.js';
import { variables } from '../../../core/config/variables.js';
import { createGateway } from '../../../core/gateway.js';
import { wantedIds } from '../../../plugins/hardware-hid/catalogue-devices.js';
import { protocols } from '../../../plugins/protocols/index.js';

const file = (name: string) => readFileSync(new URL(`../../../docs/deploy/${name}`, import.meta.url), 'utf8');
const hex = (id: number) => id.toString(16).padStart(4, '0');

/** Lovense's own, which the plugin for the dongle looks for. */
const DONGLE = '1915:520a';

describe('the rule for udev', () => {
  const rules = file('70-pulsegate.rules')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('is about the HID devices that are driven, and no others', () => {
    const drivable = protocols.filter(({ status }) => status !== 'recognised');
    const wanted = wantedIds(drivable).map(({ vendorId, productId }) => `${hex(vendorId)}:${hex(productId)}`);
    const allowed = rules.flatMap((rule) => {
      const [, vendor] = /ATTRS\{idVendor\}=="([0-9a-f]{4})"/.exec(rule) ?? [];
      const [, products = ''] = /ATTRS\{idProduct\}=="([0-9a-f|]+)"/.exec(rule) ?? [];
      return vendor === undefined ? [] : products.split('|').map((product) => `${vendor}:${product}`);
    });
    expect(allowed.toSorted()).toEqual([...wanted, DONGLE].toSorted());
  });

  it('finds controllers that are paired over Bluetooth, too, by the names that the kernel gives them', () => {
    const [, patterns = ''] = /KERNELS=="([^"]+)"/.exec(rules.join('\n')) ?? [];
    const paired = patterns.split('|').map((pattern) => pattern.replaceAll('*', ''));
    const nintendo = wantedIds(protocols).filter(({ vendorId }) => vendorId === 0x057e);
    expect(paired.toSorted()).toEqual(
      nintendo.map(({ vendorId, productId }) => `${hex(vendorId)}:${hex(productId)}`.toUpperCase()).toSorted(),
    );
  });

  it('leaves nothing open to everybody', () => {
    for (const rule of rules)
      expect(rule).toMatch(/^KERNEL=="hidraw\*", .*MODE="0660", GROUP="plugdev", TAG\+="uaccess"$/);
  });
});

describe('a gateway that is set up as described', () => {
  it('has all it writes in a folder that its service may write: relative paths start at the configuration', () => {
    const unit = file('pulsegate.service');
    const [, state] = /^StateDirectory=(.+)$/m.exec(unit) ?? [];
    expect(unit).toContain(`\nWorkingDirectory=/var/lib/${state}\n`);
    expect(unit).toMatch(/^ExecStart=\S+ pulsegate start$/m);
  });

  it('has all it writes in a folder of its container that belongs to its user', () => {
    const container = file('Dockerfile');
    const [, user] = /^USER (.+)$/m.exec(container) ?? [];
    const [, folder] = /^WORKDIR (.+)$/m.exec(container.slice(container.indexOf('USER'))) ?? [];
    expect(container).toContain(`RUN install --directory --owner=${user} --group=${user} ${folder}\n`);
    expect(container).toMatch(/^CMD \["start"\]$/m);
    const compose = parse(file('compose.yml'));
    expect(compose.services.pulsegate.volumes).toContain(`data:${folder}`);
    expect(compose.volumes).toHaveProperty('data');
  });

  it('has in its container what the configuration calls so', async () => {
    const { environment } = parse(file('compose.yml')).services.pulsegate;
    const env = { ...environment, PULSEGATE_HTTP_TOKEN: 'a-token-of-sixteen-characters' };
    const { config } = await createGateway({ env, logOutput: { write: () => {} } });
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 12345 });
    expect(Object.keys(environment).every((name) => variables(builtinSections).has(name))).toBe(true);
  });
});
