import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { twerkingbutt } from '../../../plugins/protocols/twerkingbutt.js';
import { matchesName, openProtocol } from '../../support/protocol-harness.js';

describe('twerkingbutt', () => {
  it.each(['BODIKANG', 'Twerking Butt', 'TwerkingButt'])('recognises %s, and leaves it alone', async (name) => {
    expect(matchesName(twerkingbutt, name)).toBe(true);
    await expect(openProtocol(twerkingbutt, { name })).rejects.toThrow(DeviceError);
  });
});
