import { type DeviceWrite, LinkError, type ProtocolContext, type Timer, withDeadline } from 'pulsegate/plugin';

/** A repeated packet that takes longer has failed, ms. */
const WRITE_TIMEOUT_MS = 3000;

/**
 * For devices that fall asleep unless they are told again: writes what `next` returns every `everyMs`, counted from the last
 * order. To be called with every order: `true` while anything is on, `false` ends it. It ends with the connection too.
 */
export function repetition(
  { link, clock, signal, log }: ProtocolContext,
  everyMs: number,
  next: () => Omit<DeviceWrite, 'slot'>,
): (isOn: boolean) => void {
  let timer: Timer | undefined;
  let isOn = false;

  const wait = () => {
    timer?.cancel();
    timer = isOn ? clock.after(everyMs, repeat) : undefined;
  };
  const repeat = () => {
    timer = undefined;
    const { endpoint, data, withResponse } = next();
    const late = () => new LinkError(`${link.name} did not take a repeated packet within ${WRITE_TIMEOUT_MS} ms`);
    withDeadline(clock, WRITE_TIMEOUT_MS, link.write(endpoint, data, { withResponse }), late)
      .catch((error: unknown) => log.debug({ err: error }, 'a repeated packet was not taken'))
      // An order that came meanwhile has started the next wait.
      .finally(() => timer ?? wait());
  };
  const tell = (on: boolean) => {
    isOn = on && !signal.aborted;
    wait();
  };
  signal.addEventListener('abort', () => tell(false), { once: true });
  return tell;
}
