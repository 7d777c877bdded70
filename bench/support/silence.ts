import { setTimeout } from 'node:timers/promises';
import { type Client, connectMany, encodeMessage, encodeOutput } from '#bench/support/client';
import { type DueStop, type SilenceJob, type SilenceResult, wallClock } from '#bench/support/jobs';

const PING = encodeMessage({ Ping: { Id: 1 } });
/** Everybody pings and drives once per period; their turns are spread over so many parts of it. */
const PARTS = 20;
/** How long all of them are at it before the silence, ms. */
const LIVELY_MS = 1000;
/** The others go on for a while after the deadline, so that the stops happen in a busy gateway, ms. */
const AFTER_MS = 150;
/** Every feature used has at least so many levels above 0. */
const LEVELS = 5;
const FEATURES = 5;

/** One client, and what it drives: one feature of one or of all devices. */
interface Driver {
  readonly client: Client;
  readonly devices: readonly number[];
  readonly feature: number;
  pingedAt: number;
  level: number;
}

/** The first client may drive feature 0 of all devices; otherwise each has one device, and shares its features with others. */
function driverFor(client: Client, at: number, { devices, silent }: SilenceJob): Driver {
  const state = { client, pingedAt: 0, level: 1 };
  if (silent === 'first' && at === 0)
    return { ...state, devices: Array.from({ length: devices }, (_, n) => n), feature: 0 };
  const feature = Math.floor(at / devices) % FEATURES;
  return { ...state, devices: [at % devices], feature: silent === 'first' ? Math.max(1, feature) : feature };
}

function act(driver: Driver): void {
  const { client, devices, feature } = driver;
  driver.level = (driver.level % LEVELS) + 1;
  for (const device of devices) client.wire.send(encodeOutput(2, device, feature, driver.level));
  driver.pingedAt = wallClock();
  client.wire.send(PING);
}

export async function fallSilent(job: SilenceJob): Promise<SilenceResult> {
  let lively: Driver[] = [];
  let part = 0;
  const timer = setInterval(() => {
    for (const driver of lively.filter((_, at) => at % PARTS === part)) act(driver);
    part = (part + 1) % PARTS;
  }, job.pingEveryMs / PARTS);
  const clients = await connectMany(job.port, job.clients, (client, at) => {
    const driver = driverFor(client, at, job);
    lively.push(driver);
    act(driver);
  });
  await setTimeout(LIVELY_MS);

  const silent = lively.slice(0, job.silent === 'first' ? 1 : undefined);
  lively = lively.slice(silent.length);
  const dueStops = silent.flatMap(({ devices, feature, pingedAt }) =>
    devices.map((device): DueStop => ({ device, feature, deadline: pingedAt + job.maxPingTimeMs })),
  );
  const latest = Math.max(...dueStops.map(({ deadline }) => deadline));
  await setTimeout(latest - wallClock() + AFTER_MS);
  clearInterval(timer);
  for (const { wire } of clients) wire.cut();
  return { dueStops };
}
