import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const PingReport = Type.Object({
  replies: Type.Integer(),
  /** The longest wait for a reply, ms; also one that goes on. */
  slowestMs: Type.Number(),
  /** The longest that the machine kept the client itself from running, ms. */
  pauseMs: Type.Number(),
});
export type PingReport = Static<typeof PingReport>;
const reports = Compile(PingReport);

/** An app on the network, outside of everything, that pings the gateway a hundred times a second. */
export class Pings implements AsyncDisposable {
  private constructor(private readonly worker: Worker) {}

  static async start(url: string): Promise<Pings> {
    const worker = new Worker(new URL('./escape-pinger.ts', import.meta.url), { workerData: url, execArgv: [] });
    await once(worker, 'message');
    return new Pings(worker);
  }

  /** How it fared since it was asked last. */
  async take(): Promise<PingReport> {
    this.worker.postMessage(undefined);
    const [report]: readonly unknown[] = await once(this.worker, 'message');
    return reports.Parse(report);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
