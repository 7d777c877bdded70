import { setTimeout } from 'node:timers/promises';
import { addedLatency } from '#bench/support/added-latency';
import { type Figure, figure, rate, short } from '#bench/support/figures';
import { cpuMs, GatewayProcess, residentWithChildren, type Target } from '#bench/support/processes';
import type { Bench, Scenario } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';

const MB = 1024 * 1024;
const SCRIPTS = 50;
/** Time for everything to come to rest after a start, ms. */
const SETTLE_MS = 1500;

const IDLE = 'every(3_600_000, () => {});';
/** Drives a device of its own, every so many ms, and awaits every command. */
const driving = (device: number, everyMs: number) => `
  const device = devices.find(${device});
  let commands = 0;
  every(${everyMs}, async () => {
    await device.feature(0).vibrate(((commands % 20) + 1) / 20);
    commands += 1;
  });`;

const many = (count: number, text: (at: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`script-${at}.js`, text(at)]));

/** What scripts cost: memory, CPU beside an app that does the same, and the time of everybody else. */
export const scripts: Scenario = async (bench) => [
  ...(await idleMemory()),
  await cost(bench),
  ...(await company(bench)),
];

async function idleMemory(): Promise<Figure[]> {
  const resident = async (count: number) => {
    await using gateway = await GatewayProcess.start({ devices: 2, scripts: many(count, () => IDLE) });
    await setTimeout(SETTLE_MS);
    const host = await gateway.scriptHost();
    return { host: residentWithChildren(host) ?? Number.NaN, all: residentWithChildren(gateway.pid) ?? Number.NaN };
  };
  const [one, all] = [await resident(1), await resident(SCRIPTS)];
  const perScript = (all.host - one.host) / (SCRIPTS - 1) / MB;
  const detail = `host ${short(one.host / MB)} MB with 1, ${short(all.host / MB)} MB with ${SCRIPTS}`;
  return [
    figure('memory of an idle script', perScript, 'MB', { below: 6 }, detail),
    figure('gateway and script host, one idle script', one.all / MB, 'MB', { below: 180 }),
  ];
}

/** CPU time of a command, of everybody who has a part in it. */
async function cost({ quick, runs, load }: Bench): Promise<Figure> {
  const [clients, everyMs, ms] = [10, 20, quick ? 3000 : 10_000];
  await using ofScripts = await GatewayProcess.start({
    devices: clients,
    scripts: many(clients, (at) => driving(at, everyMs)),
  });
  await using ofApps = await GatewayProcess.start({ devices: clients });
  const host = await ofScripts.scriptHost();
  const spent = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (cpuMs(pid) ?? Number.NaN), 0);
  const perCommand = async (pids: readonly number[], work: () => Promise<number>) => {
    const before = spent(pids);
    const commands = await work();
    return ((spent(pids) - before) * 1000) / commands;
  };
  const pairs = await inTurns(
    runs,
    () =>
      perCommand([ofApps.pid, load.pid], async () => {
        const { commands } = await load.run({
          kind: 'pace',
          port: ofApps.port,
          clients,
          devices: clients,
          everyMs,
          ms,
        });
        return commands;
      }),
    () =>
      perCommand([ofScripts.pid, host], async () => {
        const before = await commandsTaken(ofScripts);
        await setTimeout(ms);
        return (await commandsTaken(ofScripts)) - before;
      }),
  );
  const ratio = median(pairs.map(({ first, second }) => second / first));
  const [app, script] = [median(pairs.map(({ first }) => first)), median(pairs.map(({ second }) => second))];
  const detail = `${short(script)} µs a command with gateway and host, ${short(app)} µs with gateway and app`;
  return figure('CPU of a script’s command', ratio, 'times an app’s', { below: 3 }, detail);
}

/** Frames that clients have sent: commands, and a ping now and then. */
async function commandsTaken({ port }: Target): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const total = Number(/^pulsegate_messages_total (\S+)$/m.exec(text)?.[1]);
  return total;
}

/** An outside client, one command at a time, while fifty scripts drive fifty devices at 20 Hz. */
async function company(bench: Bench): Promise<readonly Figure[]> {
  await using gateway = await GatewayProcess.start({
    devices: SCRIPTS + 1,
    scripts: many(SCRIPTS, (at) => driving(at + 1, 50)),
  });
  const name = `added latency with ${SCRIPTS} busy scripts`;
  return await addedLatency(bench, gateway, { name, remark: `; ${rate(SCRIPTS * 20)} from scripts` });
}
