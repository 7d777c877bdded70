import { describe, expect, it } from 'vitest';
import { realtouch } from '../../../plugins/protocols/realtouch.js';
import { openProtocol } from '../../support/protocol-harness.js';

describe('realtouch', () => {
  it('is recognised, and left alone', async () => {
    expect(realtouch).toMatchObject({ status: 'recognised', links: [{ kind: 'hid' }] });
    await expect(openProtocol(realtouch, { name: 'RealTouch' })).rejects.toThrow(
      'Nobody has described how RealTouch is driven',
    );
  });
});
