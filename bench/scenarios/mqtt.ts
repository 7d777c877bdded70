import { type Figure, figure, rate, short } from '#bench/support/figures';
import { hasMosquitto, startMosquitto } from '#bench/support/mosquitto';
import { brokerIsUp, commandsOf, plainTopicsOf } from '#bench/support/mqtt-gateway';
import { cpuMs, freePort, GatewayProcess } from '#bench/support/processes';
import type { Bench, Scenario } from '#bench/support/scenario';
import { inTurns, median, quantile } from '#bench/support/stats';

const DEVICES = 50;
const PER_SECOND = 1000;
/** Levels of the testbed's light: as many packets as a simulated device remembers. */
const LEVELS = 100;
const GATEWAY = 'bench';
/** Devices that take a packet as soon as it comes: what is measured is the gateway. */
const MESSAGE_GAP_MS = 0;

/** Somewhere that a gateway and its clients meet. */
interface Meeting {
  readonly name: string;
  readonly port: number;
  readonly gateway: GatewayProcess;
  /** The broker's, where it has a process of its own. */
  readonly brokerPid?: number;
}

/** From an MQTT client's publish to the hardware, and sessions over MQTT, by way of either broker. */
export const mqtt: Scenario = async (bench) => {
  const figures = await overEmbedded(bench);
  if (hasMosquitto()) {
    return [
      ...figures,
      ...(await overMosquitto(bench, 'Mosquitto')),
      ...(await overMosquitto(bench, 'Mosquitto without Nagle', 'set_tcp_nodelay true')),
    ];
  }
  process.stderr.write('mqtt: mosquitto is not installed, so only the embedded broker is measured\n');
  return figures;
};

async function overEmbedded(bench: Bench): Promise<readonly Figure[]> {
  const port = await freePort();
  await using gateway = await startGateway('embedded', { 'mqtt-broker': { port } });
  return await measure(bench, { name: 'embedded broker', port, gateway });
}

async function overMosquitto(bench: Bench, name: string, config = ''): Promise<readonly Figure[]> {
  await using broker = await startMosquitto(config);
  await using gateway = await startGateway(`mqtt://127.0.0.1:${broker.port}`);
  return await measure(bench, { name, port: broker.port, gateway, brokerPid: broker.pid });
}

const startGateway = (broker: string, plugins: Readonly<Record<string, object>> = {}) =>
  GatewayProcess.start({
    devices: DEVICES,
    messageGap: MESSAGE_GAP_MS,
    plugins: { 'transport-mqtt': { broker, gateway: GATEWAY }, ...plugins },
  });

async function measure(bench: Bench, meeting: Meeting): Promise<readonly Figure[]> {
  await brokerIsUp(meeting.gateway, meeting.port);
  return [...(await plainTopics(bench, meeting)), await sessions(bench, meeting)];
}

/** Publish to hardware, next to publish to a plain client through the same broker. */
async function plainTopics({ quick, runs, load }: Bench, meeting: Meeting): Promise<Figure[]> {
  const { name, port, gateway, brokerPid } = meeting;
  const topics = await plainTopicsOf(gateway, port, GATEWAY, DEVICES);
  const levels = quick ? LEVELS / 4 : LEVELS;
  const spent = () => ({
    gateway: cpuMs(gateway.pid) ?? Number.NaN,
    broker: (brokerPid !== undefined && cpuMs(brokerPid)) || Number.NaN,
  });
  const pairs = await inTurns(
    runs,
    () => load.run({ kind: 'mqtt-echo', port, topics: DEVICES, levels, perSecond: PER_SECOND }),
    async () => {
      const before = spent();
      const { sentAt } = await load.run({
        kind: 'mqtt-publish',
        port,
        topics: topics.map(({ set }) => set),
        levels,
        perSecond: PER_SECOND,
      });
      const after = spent();
      const perCommand = (who: 'gateway' | 'broker') => ((after[who] - before[who]) * 1000) / (DEVICES * levels);
      const cpu = { gateway: perCommand('gateway'), broker: perCommand('broker') };
      return { ...(await commandsOf(gateway, topics, sentAt)), cpu };
    },
  );
  const floor = (share: number) => median(pairs.map(({ first }) => (share === 0.5 ? first.median : first.p99)));
  const latency = (share: number) => median(pairs.map(({ second }) => quantile(second.latencies, share)));
  const carriedOut = pairs.reduce((sum, { second }) => sum + second.latencies.length, 0);
  const asked = runs * DEVICES * levels;
  const cpu = (who: 'gateway' | 'broker') => median(pairs.map(({ second }) => second.cpu[who]));
  const detail =
    brokerPid === undefined ? 'gateway and broker' : `gateway; and ${short(cpu('broker'))} µs of Mosquitto`;
  const from = (share: number) => `floor ${short(floor(share))} ms; ${rate(PER_SECOND)} to ${DEVICES} devices`;
  return [
    figure(`plain topic to hardware, ${name}, median`, latency(0.5), 'ms', { below: 25 }, from(0.5)),
    figure(`plain topic to hardware, ${name}, p99`, latency(0.99), 'ms', { below: 100 }, from(0.99)),
    // Where two of one device come at once, the newer one takes the place of the older.
    figure(`plain commands written, ${name}`, carriedOut / asked, '', { atLeast: 0.95 }, `${carriedOut} of ${asked}`),
    figure(`CPU of a plain command, ${name}`, cpu('gateway'), 'µs', { below: 1000 }, detail),
  ];
}

/** One command at a time over MQTT, next to the same over WebSocket at the same gateway. */
async function sessions({ quick, runs, load }: Bench, { name, port, gateway }: Meeting): Promise<Figure> {
  const commands = quick ? 500 : 3000;
  const pairs = await inTurns(
    runs,
    () =>
      load.run({
        kind: 'drive',
        port: gateway.port,
        clients: 1,
        devices: 1,
        inFlight: 1,
        warmUp: commands,
        length: { commands },
      }),
    // Fewer: by way of a broker that waits for more to send, each takes a while.
    () => load.run({ kind: 'mqtt-drive', port, gateway: GATEWAY, warmUp: commands / 10, commands: commands / 5 }),
  );
  const of = (which: 'first' | 'second', measure: 'median' | 'p99') =>
    short(median(pairs.map((pair) => pair[which][measure])));
  const detail = `WebSocket ${of('first', 'median')} ms (p99 ${of('first', 'p99')}), p99 over MQTT ${of('second', 'p99')} ms`;
  const value = median(pairs.map(({ second }) => second.median));
  return figure(`round trip of a session, ${name}, median`, value, 'ms', { below: 5 }, detail);
}
