import {
  ask,
  bluetooth,
  type DeviceContext,
  defineProtocol,
  features,
  LinkError,
  oscillate,
  otherwise,
  type ProtocolHandler,
  packet,
  withDeadline,
  withSum8,
} from 'pulsegate/plugin';

const frame = (...data: readonly number[]) => Uint8Array.of(0x55, ...withSum8([data.length + 2, ...data]), 0xaa);

const LOGIN = frame(0x99);
const PASSWORD = frame(0x21, 0, 0, 0, 0, 0, 0);
const POWER = frame(0x1f);
const STOP = frame(0x24);
const FASTER = frame(0x01);
const SLOWER = frame(0x02);

/** How long the machine may take to answer a packet of the preparation, ms. Some have no answer. */
const ANSWER_MS = 100;
/** No step is made so soon after a stop was ordered, ms: the stop may still wait for its turn. */
const STOP_REACHES_MS = 250;
/** Pause after a step that was not taken, ms. */
const RETRY_MS = 100;
/** A step that takes longer has failed, ms. */
const WRITE_TIMEOUT_MS = 3000;

async function prepare(context: DeviceContext): Promise<void> {
  await context.link.subscribe('rx');
  for (const bytes of [LOGIN, PASSWORD, POWER, STOP]) {
    const send = { endpoint: 'tx', data: bytes };
    await ask(context, { send, answerOn: 'rx', waitMs: ANSWER_MS }, () => true);
  }
  context.log.info('Two beeps mean that the machine was on before and is off now; connect it once more then');
}

/**
 * The machine only knows "faster" and "slower", so its speed is counted, and never taken for less than it can be. Steps are made
 * one after the other and follow the newest target. A stop goes out with all other orders, which may be late or get lost; so the
 * first step after it is a stop as well, and what is counted starts again at 0 when that was taken. A step that was on its way when
 * a stop was ordered may arrive after it, and is followed by a stop at once.
 */
function stepper({ link, clock, signal, log }: DeviceContext): ProtocolHandler {
  let target = 0;
  let speed = 0;
  let stopsOrdered = 0;
  /** Of those ordered, how many a step has made sure of. */
  let stopsMade = 0;
  let stopOrderedAt = Number.NEGATIVE_INFINITY;
  /** A step may have arrived after the stop that was to end it. */
  let isCrossed = false;
  let isStepping = false;

  const write = (data: Uint8Array) =>
    withDeadline(
      clock,
      WRITE_TIMEOUT_MS,
      link.write('tx', data, { withResponse: false }),
      () => new LinkError(`${link.name} did not take a step within ${WRITE_TIMEOUT_MS} ms`),
    );
  const turn = async (data: Uint8Array) => {
    const stops = stopsOrdered;
    try {
      await write(data);
    } finally {
      if (stopsOrdered > stops) isCrossed = true;
    }
  };
  const step = async () => {
    if (isCrossed) {
      await write(STOP);
      isCrossed = false;
    } else if (stopsMade < stopsOrdered) {
      const stops = stopsOrdered;
      await write(STOP);
      stopsMade = stops;
      speed = 0;
    } else if (target > speed) {
      speed += 1;
      await turn(FASTER);
    } else {
      await turn(SLOWER);
      speed -= 1;
    }
  };
  const isBehind = () => isCrossed || (target > 0 && (stopsMade < stopsOrdered || target !== speed));
  const follow = async () => {
    if (isStepping) return;
    isStepping = true;
    try {
      while (isBehind()) {
        const wait = isCrossed ? 0 : stopOrderedAt + STOP_REACHES_MS - clock.now();
        if (wait > 0) await clock.sleep(wait, signal);
        else {
          await step().catch(async (error: unknown) => {
            log.debug({ err: error }, 'a step was not taken');
            await clock.sleep(RETRY_MS, signal);
          });
        }
        signal.throwIfAborted();
      }
    } catch {
      // The machine is gone.
    } finally {
      // In the same turn in which the loop ends: an order that comes in the next one has to find that nobody follows it.
      isStepping = false;
    }
  };

  return {
    output({ value }) {
      target = value;
      if (value > 0) {
        void follow();
        return [];
      }
      const halts = () => {
        stopsOrdered += 1;
        stopOrderedAt = clock.now();
      };
      halts();
      const onDeparture = () => {
        halts();
        // One that comes late halts what has begun since.
        void follow();
      };
      return [{ ...packet('device', STOP), onDeparture }];
    },
  };
}

export const fredorchRotary = defineProtocol({
  id: 'fredorch-rotary',
  brand: 'Fredorch',
  corrections: [
    'Where a connection has to be kept alive, a byte without meaning does it; the reference repeats a stop, and halts the machine.',
    'The machine speeds up again a quarter of a second after a stop at the soonest, and is stopped once more before it does, so that a stop that is late or lost leaves it neither halted unnoticed nor faster than it was told.',
  ],
  links: [bluetooth({ names: ['M1_*'], services: { ae10: { tx: 'ae01', rx: 'ae02' } } })],
  models: [
    otherwise(
      'Fredorch Rotary Device',
      features(
        oscillate(20, { id: '0ec02168-f724-481a-a927-6ea6df4c89b5', description: 'Fucking Machine Oscillation Speed' }),
      ),
      { id: '86b9ab9e-8507-4abf-b6af-8ecd01a94476' },
    ),
  ],
  // The last packet in the queue is always a stop, and any other would count (facts: protocols/fredorch-rotary, doubts).
  keepalive: { kind: 'packet', write: { endpoint: 'tx', data: Uint8Array.of(0x00), withResponse: false } },
  async open(context) {
    await prepare(context);
    return stepper(context);
  },
});
