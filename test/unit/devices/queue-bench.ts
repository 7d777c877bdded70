import type { DeviceWrite } from 'pulsegate/plugin';
import { WriteQueue } from '../../../core/devices/write-queue.js';
import { LinkError } from '../../../core/errors.js';
import { FakeClock } from '../../support/fake-clock.js';

export interface BenchOptions {
  readonly gapMs?: number;
  /** Pauses between single packets, ms. */
  readonly packetGapsMs?: readonly number[];
  /** How long the link takes over one write, ms. */
  readonly latencyMs?: number;
}

/** One packet, known by its label; slots are named by the letters the label starts with: `a1` is in slot a. */
export function packet(label: string, extras: Partial<Pick<DeviceWrite, 'slot' | 'alsoSlots'>> = {}): DeviceWrite {
  return {
    slot: label.charAt(0),
    endpoint: 'tx',
    data: new TextEncoder().encode(label),
    withResponse: false,
    ...extras,
  };
}

/** A write queue on a link that writes down when each packet set out and when it arrived. */
export class QueueBench {
  readonly clock = new FakeClock();
  /** `0 a1`: packet a1 was handed to the link at 0 ms. Oldest first. */
  readonly sent: string[] = [];
  /** Labels that arrived. */
  readonly arrived: string[] = [];
  readonly failures: { readonly isEnd: boolean; readonly reason: string }[] = [];
  /** Which packets the link refuses. */
  refuses: (label: string) => boolean = () => false;
  /** Which packets the link never gets done with. */
  swallows: (label: string) => boolean = () => false;
  readonly queue: WriteQueue;

  constructor({ gapMs = 0, packetGapsMs, latencyMs = 0 }: BenchOptions = {}) {
    const link = {
      name: 'bench',
      write: async (_endpoint: string, data: Uint8Array) => {
        const label = new TextDecoder().decode(data);
        this.sent.push(`${this.clock.now()} ${label}`);
        if (this.swallows(label)) await new Promise(() => {});
        if (latencyMs > 0) await this.clock.sleep(latencyMs);
        if (this.refuses(label)) throw new LinkError(`refused ${label}`);
        this.arrived.push(label);
      },
    };
    this.queue = new WriteQueue(link, this.clock, {
      gapMs,
      packetGapsMs,
      writeTimeoutMs: 3000,
      onFailed: (error, isEnd) => {
        this.failures.push({ isEnd, reason: error instanceof Error ? error.message : String(error) });
      },
    });
  }

  /** Each label is one command of one packet. */
  enqueue(...labels: readonly string[]): void {
    for (const label of labels) this.queue.enqueue([packet(label)]);
  }

  stop(...labels: readonly string[]): void {
    this.queue.stop(labels.map((label) => [packet(label)]));
  }
}
