import type { Plugin, TSchema } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { EXIT } from '../../../core/cli/terminal.js';
import simulated from '../../../plugins/hardware-simulated/index.js';
import webSocket from '../../../plugins/transport-websocket/index.js';
import recorder from '../example-plugin/index.js';
import { GatewayProcess, TestFolder } from '../gateway-process.js';
import { startLive } from '../live-gateway.js';
import { PacketRecording } from '../packet-recording.js';
import { PATIENCE_MS, STOP_PROMISE_MS } from '../timing.js';
import { WireClient } from '../wire-client.js';
import { BLOCKS, Blocker } from './blocker.js';
import { decode, type OutputCase, type TestbedPacket } from './outputs.js';
import { type Cause, obeyed, type Stage, sessions, simulatedPackets } from './stage.js';

/** Tells the gateway that the plugin is not able to go on. */
class FailureSwitch {
  #fail: (error: unknown) => void = () => {
    throw new Error('The plugin was not created');
  };

  /** The same plugin under another name, and with a switch. */
  wire<S extends TSchema>(plugin: Plugin<S>, name: string): Plugin<S> {
    return {
      ...plugin,
      name,
      create: (context) => {
        this.#fail = (error) => context.fail(error);
        return plugin.create(context);
      },
    };
  }

  /** Returns the moment. */
  flip(): number {
    const moment = Date.now();
    this.#fail(new Error('failed on purpose'));
    return moment;
  }
}

const transportFails: Cause = {
  name: 'transport plugin fails',
  withinMs: STOP_PROMISE_MS,
  async begin(output) {
    const failure = new FailureSwitch();
    await using stack = new AsyncDisposableStack();
    const live = stack.use(
      await startLive({
        config: { plugins: { 'transport-websocket': { enabled: false } } },
        plugins: [failure.wire(webSocket, 'transport-failing')],
      }),
    );
    const client = await drive(live.url, output);
    const packets = () => simulatedPackets(live);
    await obeyed(packets, output);
    return staged(stack.move(), {
      packets,
      strike: async () => failure.flip(),
      async settled() {
        expect(await client.closed).toMatchObject({ code: 1001 });
        await sessions(live, 0);
        expect(stateOf(live.gateway.plugins, 'transport-failing')).toBe('failed');
      },
    });
  },
};

const hardwareFails: Cause = {
  name: 'hardware plugin fails',
  withinMs: STOP_PROMISE_MS,
  async begin(output) {
    const failure = new FailureSwitch();
    await using stack = new AsyncDisposableStack();
    const live = stack.use(
      await startLive({
        config: {
          plugins: {
            'hardware-simulated': { enabled: false },
            'hardware-failing': { devices: [{ model: 'Pulsegate Testbed' }] },
          },
        },
        plugins: [failure.wire(simulated, 'hardware-failing')],
      }),
    );
    await drive(live.url, output);
    const packets = () => simulatedPackets(live);
    await obeyed(packets, output);
    return staged(stack.move(), {
      packets,
      strike: async () => failure.flip(),
      async settled() {
        await live.simulated.connected(0);
        expect(stateOf(live.gateway.plugins, 'hardware-failing')).toBe('failed');
      },
    });
  },
};

/** The same with a plugin whose link tells the order of what happened. */
const recordedHardwareFails: Cause = {
  name: 'third-party hardware plugin fails',
  withinMs: STOP_PROMISE_MS,
  async begin(output) {
    const failure = new FailureSwitch();
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    const recording = new PacketRecording(folder.path);
    const live = stack.use(
      await startLive({
        config: { plugins: { 'hardware-simulated': { enabled: false }, 'hardware-failing': { file: recording.file } } },
        plugins: [failure.wire(recorder, 'hardware-failing')],
      }),
    );
    await drive(live.url, output);
    const packets = () => recordedPackets(recording);
    await obeyed(packets, output);
    return staged(stack.move(), {
      packets,
      strike: async () => failure.flip(),
      settled: () => disconnected(recording),
    });
  },
};

/** The gateway itself is told to end, so the evidence is what a third-party plugin wrote into a file. */
const signalled = (signal: NodeJS.Signals): Cause => ({
  name: signal,
  withinMs: STOP_PROMISE_MS,
  async begin(output) {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    const recording = new PacketRecording(folder.path);
    const running = stack.use(
      await GatewayProcess.start(folder, {
        plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install()) },
      }),
    );
    const client = await drive(running.url, output);
    const packets = () => recordedPackets(recording);
    await obeyed(packets, output);
    return staged(stack.move(), {
      packets,
      async strike() {
        const moment = Date.now();
        running.signal(signal);
        return moment;
      },
      async settled() {
        expect(await client.closed).toMatchObject({ code: 1001 });
        expect(await running.exited).toEqual({ code: 0, signal: null });
        await disconnected(recording);
      },
    });
  },
});

/** After which a gateway that does nothing any more is interrupted, ms. */
const STALL_LIMIT_MS = 500;
/** Of ten looks in that time, one may just have been missed at either end. */
const LOOKS_MS = STALL_LIMIT_MS / 5;

const blocked: Cause = {
  name: 'plugin blocks the gateway',
  withinMs: STALL_LIMIT_MS + LOOKS_MS + STOP_PROMISE_MS,
  async begin(output) {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    const recording = new PacketRecording(folder.path);
    const blocker = await Blocker.install(folder, BLOCKS['an endless loop']);
    const running = stack.use(
      await GatewayProcess.start(folder, {
        log: { level: 'debug' },
        safety: { stallLimit: STALL_LIMIT_MS },
        plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install()), ...blocker.sections },
      }),
    );
    await drive(running.url, output);
    const packets = () => recordedPackets(recording);
    await obeyed(packets, output);
    await running.line((msg) => msg.includes('whatever blocks the gateway is noticed'));
    return staged(stack.move(), {
      packets,
      async strike() {
        const moment = Date.now();
        await blocker.block();
        return moment;
      },
      async settled() {
        expect(await running.exited).toEqual({ code: EXIT.internal, signal: null });
        await disconnected(recording);
      },
    });
  },
};

/** A client that drives the output of the only device. */
async function drive(url: string, { feature, command }: OutputCase): Promise<WireClient> {
  const client = await WireClient.connect(url);
  await client.output(0, feature, command);
  return client;
}

const staged = (stack: AsyncDisposableStack, stage: Omit<Stage, keyof AsyncDisposable>): Stage => ({
  ...stage,
  [Symbol.asyncDispose]: () => stack.disposeAsync(),
});

async function recordedPackets(recording: PacketRecording): Promise<TestbedPacket[]> {
  const events = await recording.events();
  return events.flatMap((event) => (event.what === 'write' ? [decode(event.time, event.hex)] : []));
}

/** Waits for the disconnect; every write came before it, and the last one left its output off. */
async function disconnected(recording: PacketRecording): Promise<void> {
  await expect
    .poll(async () => (await recording.events()).at(-1)?.what, { interval: 5, timeout: PATIENCE_MS })
    .toBe('disconnected');
}

const stateOf = (plugins: readonly { readonly name: string; readonly state: string }[], name: string) =>
  plugins.find((plugin) => plugin.name === name)?.state;

export const gatewayCauses: readonly Cause[] = [
  transportFails,
  hardwareFails,
  recordedHardwareFails,
  signalled('SIGTERM'),
  signalled('SIGINT'),
  signalled('SIGHUP'),
  blocked,
];
