import { type DeviceContext, DeviceError, type Endpoint, perFeature, withDeadline } from 'pulsegate/plugin';

/** One packet for each motor, whatever it does; motors count from 1, and none has a direction. */
export const oneMotor = perFeature(({ feature, value }) => [
  ...[0x0a, 0x12, feature.index + 1, 0x08, 0x00, 0x00, 0x00, 0x00],
  ...[Math.abs(value), 0x00],
]);

/** How long the user has for the power button, ms. */
export const BUTTON_MS = 60_000;

const isNo = (data: Uint8Array) => data.every((byte) => byte === 0);
const isYes = ([first, ...rest]: Uint8Array) => first === 1 && rest.every((byte) => byte === 0);

/**
 * A toy says on its security endpoint whether it takes orders. A tap on its power button makes it send a pass phrase; once
 * that was written back, by somebody who does not listen meanwhile, it does.
 */
export async function waitForPowerButton(context: DeviceContext, endpoint: Endpoint): Promise<void> {
  const { link, clock, log, signal } = context;
  const permitted = Promise.withResolvers<void>();
  let isReturning = false;
  const writeBack = async (phrase: Uint8Array) => {
    isReturning = true;
    await link.unsubscribe(endpoint);
    await link.write(endpoint, phrase, { withResponse: true });
    isReturning = false;
    await link.subscribe(endpoint);
  };
  const notified = link.on('notification', (from, data) => {
    if (from !== endpoint) return;
    if (isYes(data)) permitted.resolve();
    else if (isNo(data)) log.warn(`${link.name} waits for a tap on its power button`);
    else if (!isReturning) writeBack(data).catch(permitted.reject);
  });
  const onLost = () => permitted.reject(signal.reason);
  signal.addEventListener('abort', onLost, { once: true });
  try {
    const allowed = Promise.all([link.subscribe(endpoint), permitted.promise]);
    const late = () =>
      new DeviceError(`${link.name} was not allowed by a tap on its power button within ${BUTTON_MS} ms`);
    await withDeadline(clock, BUTTON_MS, allowed, late);
  } finally {
    notified[Symbol.dispose]();
    signal.removeEventListener('abort', onLost);
  }
}
