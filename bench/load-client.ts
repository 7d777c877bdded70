import { drive } from '#bench/support/drive';
import { beHostile } from '#bench/support/hostile';
import type { Job } from '#bench/support/jobs';
import { driveSession } from '#bench/support/mqtt-session';
import { pace } from '#bench/support/pace';
import { fallSilent } from '#bench/support/silence';

/** The other jobs are measured without it in memory. */
const mqttLoad = () => import('#bench/support/mqtt-load');

/** The clients' process: carries out the jobs it is sent, one after the other. */
async function run(job: Job): Promise<object> {
  switch (job.kind) {
    case 'drive':
      return drive(job);
    case 'silence':
      return fallSilent(job);
    case 'hostile':
      return beHostile(job);
    case 'pace':
      return pace(job);
    case 'mqtt-publish':
      return (await mqttLoad()).publishLevels(job);
    case 'mqtt-echo':
      return (await mqttLoad()).echo(job);
    case 'mqtt-drive':
      return driveSession(job);
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
