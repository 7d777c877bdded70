import { describeError, type ExamineContext, type Finding, fine, missing, problem } from 'pulsegate/plugin';
import { LovenseApp } from './app.js';
import type { LovenseConnectConfig } from './config.js';

/** Whether the phones that are named answer. Nobody else is asked. */
export async function examineApps({
  config: { hosts, directory, timeout },
  clock,
}: Pick<ExamineContext<LovenseConnectConfig>, 'config' | 'clock'>): Promise<readonly Finding[]> {
  if (hosts.length > 0) {
    const app = new LovenseApp(clock, timeout);
    return Promise.all(hosts.map((host) => examineApp(app, host)));
  }
  if (directory !== '') return [fine(`${directory} is asked for phones when somebody scans`)];
  return [problem('no phone is looked for', 'name one in plugins.hardware-lovense-connect.hosts')];
}

async function examineApp(app: LovenseApp, host: string): Promise<Finding> {
  try {
    const toys = (await app.toys(host)).filter(({ isConnected }) => isConnected).map(({ name }) => name);
    return fine(`${host} answers; its toys: ${toys.join(', ') || 'none'}`);
  } catch (error) {
    return missing(describeError(error), 'open the Lovense Connect app on the phone; it shows its address');
  }
}
