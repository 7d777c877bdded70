import { type LiveGateway, TESTBED } from '../live-gateway.js';
import { WireClient } from '../wire-client.js';

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
}

const WARN = 40;

const linesOf = ({ log }: LiveGateway): readonly LogLine[] => log.map((line): LogLine => JSON.parse(line));

/** What somebody who keeps the log at its usual level reads of MQTT when something is wrong; those with this text in them. */
export const warningsOf = (live: LiveGateway, text = ''): readonly string[] =>
  linesOf(live)
    .filter(({ level, msg }) => level >= WARN && msg.startsWith('mqtt: ') && msg.includes(text))
    .map(({ msg }) => msg);

/** How long the gateway has waited after each failed attempt to connect, until the next one failed, ms. */
export function pausesOf(live: LiveGateway): readonly number[] {
  const failures = linesOf(live).filter(({ msg }) => msg === 'mqtt: no connection');
  return failures.slice(1).map(({ time }, before) => time - (failures[before]?.time ?? time));
}

/** A client that has nothing to do with MQTT drives the testbed, and stops it. */
export async function servesOthers(live: LiveGateway): Promise<void> {
  const client = await WireClient.connect(live.url);
  try {
    await client.output(0, 0, { Vibrate: { Value: 7 } });
    await live.simulated.reaches(TESTBED, 0, 7);
    await client.ask({ StopCmd: {} });
    await live.simulated.reaches(TESTBED, 0, 0);
  } finally {
    client.webSocket.close();
  }
}
