import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientMessages } from '../../../core/protocol/codec.js';
import type { Booted } from '../../support/boot.js';
import { bootEverything, catalogue, type KnownMessage } from './catalogue.js';
import { exchange, failure, ok, VERSIONS, type Version } from './support.js';

const named = (messages: readonly KnownMessage[]) => messages.map((message) => [message.name, message] as const);
const inVersion = (version: Version) => named(catalogue.filter(({ versions }) => versions.includes(version)));
const notInVersion = (version: Version) => named(catalogue.filter(({ versions }) => !versions.includes(version)));

let gateway: Booted;
beforeAll(async () => {
  gateway = await bootEverything();
});
afterAll(() => gateway[Symbol.asyncDispose]());

it('messages §2.1 and the core list the same messages, in the same versions', () => {
  const listed = catalogue.map(({ name, versions }) => [name, [...versions]]);
  const known = [...clientMessages.values()].map(({ name, versions }) => [name, [...versions]]);
  expect(known.sort()).toEqual(listed.sort());
});

describe.each(VERSIONS)('v%i', (version) => {
  it.each(inVersion(version))('%s has its good reply', async (_name, message) => {
    const client = await gateway.connect(version);
    expect(await client.ask({ [message.name]: { ...message.body, Id: 4_294_967_295 } })).toStrictEqual(
      message.reply(4_294_967_295),
    );
  });

  it.each(notInVersion(version))('%s is not its message: code 3 with the Id (messages §8)', async (name, { body }) => {
    const client = await gateway.connect(version);
    const text = JSON.stringify([{ [name]: { ...body, Id: 41 } }]);
    const refused = failure(3, 41, new RegExp(`${name} is not a message of spec version ${version}`));
    expect(await exchange(gateway, client, text)).toEqual([refused]);
    expect(await client.ask({ Ping: { Id: 42 } })).toEqual(ok(42));
  });
});
