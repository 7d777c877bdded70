import type { TestbedPacket } from '../stop/outputs.js';

/** A level that a client has asked for. */
export interface Command {
  readonly level: number;
  /** Wall-clock ms. */
  readonly sentAt: number;
  /** When the gateway said that it has taken it. */
  acknowledgedAt: number | undefined;
}

export interface Verdict {
  /** Acknowledged, and never carried out; with what was around that time, as ms after it was sent and level. */
  readonly lost: readonly { readonly level: number; readonly around: string }[];
  /** Carried out once more. */
  readonly twice: readonly TestbedPacket[];
  /** Carried out when it was no longer wanted; `byMs` after it was sent. */
  readonly late: readonly { readonly level: number; readonly byMs: number; readonly at: number }[];
  /** Nobody has asked for it. */
  readonly stray: readonly TestbedPacket[];
}

/** What one client asked of one output: its levels go round from 1 to 100, so that each is the only one of its kind for long. */
export class Ledger {
  readonly commands: Command[] = [];
  #level = 0;

  get isEmpty(): boolean {
    return this.commands.length === 0;
  }

  get acknowledged(): number {
    return this.commands.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length;
  }

  /** The next command, sent now. */
  next(): Command {
    this.#level = (this.#level % LEVELS) + 1;
    const command = { level: this.#level, sentAt: Date.now(), acknowledgedAt: undefined };
    this.commands.push(command);
    return command;
  }

  /** The gateway says that the output has this level. */
  acknowledge(level: number): void {
    const command = this.#latest(level, Number.POSITIVE_INFINITY);
    if (command) command.acknowledgedAt ??= Date.now();
  }

  /** @param limitMs how long after it was sent a command may still be carried out */
  judge(packets: readonly TestbedPacket[], limitMs: number): Verdict {
    const carriedOut = new Set<Command>();
    const verdict = {
      twice: [] as TestbedPacket[],
      late: [] as Verdict['late'][number][],
      stray: [] as TestbedPacket[],
    };
    for (const packet of packets) {
      if (packet.level === 0) continue;
      const command = this.#latest(packet.level, packet.time + CLOCK_GRAIN_MS);
      if (!command) verdict.stray.push(packet);
      else if (carriedOut.has(command)) verdict.twice.push(packet);
      else if (packet.time - command.sentAt > limitMs)
        verdict.late.push({ level: packet.level, byMs: packet.time - command.sentAt, at: packet.time });
      if (command) carriedOut.add(command);
    }
    const overtaken = (sentAt: number, acknowledgedAt: number) =>
      packets.some(({ time, level }) => level === 0 && time >= sentAt && time <= acknowledgedAt + OVERTAKEN_MS);
    const lost = this.commands.filter(
      (command) =>
        command.acknowledgedAt !== undefined &&
        !carriedOut.has(command) &&
        !overtaken(command.sentAt, command.acknowledgedAt),
    );
    return { ...verdict, lost: lost.map(({ level, sentAt }) => ({ level, around: around(packets, sentAt) })) };
  }

  #latest(level: number, until: number): Command | undefined {
    return this.commands.findLast((command) => command.level === level && command.sentAt <= until);
  }
}

export const LEVELS = 100;
/** Between the acceptance of a command and its packet, a stop may take its place: it goes ahead of everything, ms. */
const OVERTAKEN_MS = 50;
/** The times of packets are whole milliseconds. */
const CLOCK_GRAIN_MS = 1;

const around = (packets: readonly TestbedPacket[], moment: number) =>
  packets
    .filter(({ time }) => Math.abs(time - moment) < 500)
    .map(({ time, level }) => `${time - moment}: ${level}`)
    .join(', ');
