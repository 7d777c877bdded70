import { expect, it } from 'vitest';
import { boot } from '../support/boot.js';

it('leaves the devices alone when the port is taken: they may belong to the gateway that has it', async () => {
  await using first = await boot();
  const log: string[] = [];
  const second = boot({
    devices: [{ model: 'Lovense Edge' }],
    config: { http: { port: first.gateway.port ?? 0 } },
    log,
  });
  await expect(second).rejects.toThrow('already in use');
  expect(log.join('')).not.toContain('connected');
});
