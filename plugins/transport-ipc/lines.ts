import type {
  CloseReason,
  Connection,
  IpcChannel,
  IpcClientOptions,
  IpcLines,
  SessionHost,
  SessionPort,
} from 'pulsegate/plugin';
import { Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

const Frame = Compile(Type.Object({ line: Type.String(), frame: Type.String() }, { additionalProperties: false }));

/** The sessions that share the channel to one child process. */
export class ChannelLines implements IpcLines {
  readonly #lines = new Map<string, ChannelLine>();

  constructor(
    private readonly channel: IpcChannel,
    private readonly sessions: SessionHost,
    private readonly maxPayload: number,
    private readonly onClosed: () => void,
  ) {}

  open(id: string, options: IpcClientOptions): void {
    const line = new ChannelLine(id, options, this.channel, () => this.#lines.delete(id));
    this.#lines.set(id, line);
    line.session = this.sessions.open(line, options);
  }

  take(message: unknown): boolean {
    if (!Frame.Check(message)) return false;
    const line = this.#lines.get(message.line);
    if (message.frame.length > this.maxPayload) line?.end(`sent a frame of more than ${this.maxPayload} bytes`);
    else line?.session?.receive(message.frame);
    return true;
  }

  close(id: string, reason: string): void {
    this.#lines.get(id)?.end(reason);
  }

  closeAll(reason: string): void {
    for (const line of [...this.#lines.values()]) line.end(reason);
    this.onClosed();
  }
}

/** One client's line: a name on its messages in the channel. */
class ChannelLine implements Connection {
  readonly remote: string;
  session: SessionPort | undefined;
  #isOpen = true;

  constructor(
    readonly id: string,
    private readonly options: IpcClientOptions,
    private readonly channel: IpcChannel,
    private readonly onGone: () => void,
  ) {
    this.remote = options.remote;
  }

  get bufferedBytes(): number {
    return this.channel.unreadBytes;
  }

  send(frame: string): void {
    if (this.#isOpen) this.channel.post({ line: this.id, frame });
  }

  close({ text }: CloseReason): void {
    this.end(text);
  }

  end(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.onGone();
    this.session?.closed(reason);
    this.options.onEnded(reason);
  }
}
