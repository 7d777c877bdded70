/** A broker in a process of its own, which anything can happen to. It keeps its port. */
export interface BrokerProcess extends AsyncDisposable {
  readonly port: number;
  /** Ends it in order: clients are told, and what it has to keep is written. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** After `stop` or `kill`, or instead of them. Resolves when it accepts connections. */
  restart(): Promise<void>;
  /** It answers nobody, and all connections stay open. */
  pause(): void;
  resume(): void;
  /** What a client that comes now is told: payload by topic. */
  retained(filter?: string): Promise<ReadonlyMap<string, string>>;
}
