/** A serial port that is open. */
export interface SerialPort {
  /** Bytes that were written and that the system has not taken. */
  readonly untaken: number;
  onData(listener: (data: Uint8Array) => void): void;
  /** It vanished, failed or was closed; perhaps told more than once. */
  onGone(listener: (reason: string) => void): void;
  /** Resolves when the system has taken it. */
  write(data: Uint8Array): Promise<void>;
  /** Resolves when all that was taken is on the wire. */
  drain(): Promise<void>;
  /**
   * Nobody hears anything of the port any more. Never rejects.
   *
   * @param isDrained nothing is left to send; otherwise that is forgotten: the system would wait for it, perhaps for half a minute
   */
  close(isDrained: boolean): Promise<void>;
}

export interface SerialPortSettings {
  readonly path: string;
  /** Bits a second. */
  readonly baudRate: number;
  /** Where somebody sets the baud rate, for the sentence about one that does not work. */
  readonly baudRateKey?: string;
}

/** Opens a port: 8 data bits, no parity, 1 stop bit, no flow control. Rejects with a LinkError that says what to do. */
export type OpenSerialPort = (settings: SerialPortSettings) => Promise<SerialPort>;
