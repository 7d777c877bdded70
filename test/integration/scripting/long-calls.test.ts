import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../support/scripting/boot-scripts.js';

/** What a script is told that asks for this. */
async function toldAfter(asked: string): Promise<string | undefined> {
  await using gateway = await bootScripts({
    scripts: {
      'a.js': `try { await ${asked}; } catch (error) { console.log(error.message); }`,
    },
  });
  await gateway.until(() => gateway.console('a').length > 0);
  return gateway.console('a')[0];
}

describe('a long call of a script', () => {
  it.each([
    ['lists', '[]'],
    ['objects', '{}'],
  ])('with more %s than make sense is refused before it is read', async (_what, part) => {
    const told = await toldAfter(`http.fetch('http://example.org', { body: Array(8000).fill(${part}) })`);
    expect(told).toBe('info: A call has at most 1000 lists and objects in it');
  });

  it('may have as many brackets as it likes in a text, whatever is quoted there', async () => {
    const told = await toldAfter(`http.fetch('http://example.org', { body: '[{"\\\\\\\\'.repeat(8000) + '"[' })`);
    expect(told).toBe('info: A GET request has no body: leave it out, or use POST');
  });
});
