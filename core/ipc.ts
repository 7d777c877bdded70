import type { SessionOptions } from './sessions/connection.js';

/** A frame of one session on its way between two processes. */
export interface IpcFrame {
  readonly line: string;
  readonly frame: string;
}

/** The gateway's end of the channel to a child process that has clients in it. */
export interface IpcChannel {
  /** Bytes posted that the child has not taken yet. */
  readonly unreadBytes: number;
  /** Never throws; a channel that is gone swallows it. */
  post(message: IpcFrame): void;
}

export interface IpcClientOptions extends SessionOptions {
  /** Who it is, for people. */
  readonly remote: string;
  /** Called once when the session ends, whoever ended it. */
  readonly onEnded: (reason: string) => void;
}

/** The sessions of the clients in one child process. */
export interface IpcLines {
  /** Starts a session; it waits for the client's handshake. */
  open(line: string, options: IpcClientOptions): void;
  /** Something the child said. False: it was no frame. */
  take(message: unknown): boolean;
  close(line: string, reason: string): void;
  /** The child is gone: every session ends at once. */
  closeAll(reason: string): void;
}

/** Sessions for clients in child processes, as the plugin transport-ipc provides them. */
export interface IpcTransport {
  attach(channel: IpcChannel): IpcLines;
}

/** Where the plugin hands itself to the gateway. */
export class IpcDoor {
  #transport: IpcTransport | undefined;

  get transport(): IpcTransport | undefined {
    return this.#transport;
  }

  provide(transport: IpcTransport): Disposable {
    this.#transport = transport;
    return {
      [Symbol.dispose]: () => {
        if (this.#transport === transport) this.#transport = undefined;
      },
    };
  }
}
