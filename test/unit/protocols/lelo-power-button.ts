import { type FakeLink, fromHex } from '../../support/protocol-harness.js';

/** A toy that sends these the first time somebody listens to it, those the second time, and so on. */
export const saying =
  (endpoint: string, ...times: readonly (readonly string[])[]) =>
  (link: FakeLink): void => {
    const left = [...times];
    link.onSubscribe = () => {
      for (const hex of left.shift() ?? []) link.notify(endpoint, fromHex(hex));
    };
  };
