import { drive } from '#bench/support/drive';
import { beHostile } from '#bench/support/hostile';
import type { Job } from '#bench/support/jobs';
import { pace } from '#bench/support/pace';
import { fallSilent } from '#bench/support/silence';

/** The clients' process: carries out the jobs it is sent, one after the other. */
function run(job: Job): Promise<object> {
  switch (job.kind) {
    case 'drive':
      return drive(job);
    case 'silence':
      return fallSilent(job);
    case 'hostile':
      return beHostile(job);
    case 'pace':
      return pace(job);
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
