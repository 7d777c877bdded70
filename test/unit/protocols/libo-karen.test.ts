import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { liboKaren } from '../../../plugins/protocols/libo-karen.js';
import { matchesName, openProtocol } from '../../support/protocol-harness.js';

describe('libo-karen', () => {
  it('is recognised and left alone', async () => {
    expect(liboKaren.status).toBe('recognised');
    expect(matchesName(liboKaren, 'SuoYinQiu')).toBe(true);
    await expect(openProtocol(liboKaren, { name: 'SuoYinQiu' })).rejects.toThrow(DeviceError);
  });
});
