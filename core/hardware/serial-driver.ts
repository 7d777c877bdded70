import { type AutoDetectTypes, autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { LinkError } from '../errors.js';
import type { SerialPort, SerialPortSettings } from './serial-port.js';

type Binding = Pick<AutoDetectTypes, 'open' | 'list'>;
type Stream = SerialPortStream<Binding>;

/** What chips make of a rate is never quite it; with more than this nobody understands anybody. */
const RATE_TOLERANCE = 0.05;

/** See OpenSerialPort. */
export async function openSerialPort(
  settings: SerialPortSettings,
  binding: Binding = autoDetect(),
): Promise<SerialPort> {
  const { path, baudRate } = settings;
  const stream: Stream = new SerialPortStream({ binding, path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => (error ? reject(whyNot(settings, error.message)) : resolve()));
  });
  const port = new SystemPort(stream);
  const actual = await rateOf(stream);
  if (actual === undefined || Math.abs(actual - baudRate) <= baudRate * RATE_TOLERANCE) return port;
  await port.close(true);
  throw refusedRate(settings);
}

/** A port as the library has it. */
class SystemPort implements SerialPort {
  constructor(private readonly stream: Stream) {
    // Nobody has to listen for it to be harmless.
    stream.on('error', () => {});
  }

  get untaken(): number {
    return this.stream.writableLength;
  }

  onData(listener: (data: Uint8Array) => void): void {
    this.stream.on('data', listener);
  }

  onGone(listener: (reason: string) => void): void {
    this.stream.on('error', (error) => listener(error.message));
    this.stream.on('close', (error?: Error | null) => listener(error?.message ?? 'the port is closed'));
    const { port } = this.stream;
    // The library reads on and on, without a word, where a port has vanished in the middle of what came in.
    if (port && 'poller' in port) port.poller.once('disconnect', () => listener('it was pulled out'));
  }

  write(data: Uint8Array): Promise<void> {
    return settled((done) => this.stream.write(data, undefined, done));
  }

  drain(): Promise<void> {
    return settled((done) => this.stream.drain(done));
  }

  async close(isDrained: boolean): Promise<void> {
    const { stream } = this;
    stream.removeAllListeners();
    stream.on('error', () => {});
    if (!stream.isOpen) return;
    if (!isDrained) await settled((done) => stream.flush(done)).catch(() => {});
    await settled((done) => stream.close(done)).catch(() => {});
  }
}

function settled(work: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => (error ? reject(error) : resolve()));
  });
}

/** Undefined: the system does not tell. */
async function rateOf({ port }: Stream): Promise<number | undefined> {
  try {
    return (await port?.getBaudRate())?.baudRate;
  } catch {
    return undefined;
  }
}

function whyNot(settings: SerialPortSettings, message: string): LinkError {
  const { path } = settings;
  if (/permission denied/i.test(message)) {
    return new LinkError(
      `${path} cannot be opened: not allowed; on Linux, add your user to the group dialout (\`sudo usermod -a -G dialout $USER\`) and log in again`,
    );
  }
  if (/no such file|file not found/i.test(message)) return new LinkError(`there is no port ${path}`);
  if (/temporarily unavailable|cannot lock|access denied|busy/i.test(message)) {
    return new LinkError(`${path} cannot be opened: another program has it open`);
  }
  if (/inappropriate ioctl|is a directory/i.test(message)) return new LinkError(`${path} is no serial port`);
  if (/baud rate|IOSSIOSPEED|termios2|error code 87/i.test(message)) return refusedRate(settings);
  return new LinkError(`${path} cannot be opened: ${message.replace(/^Error:? */, '')}`);
}

function refusedRate({ path, baudRate, baudRateKey }: SerialPortSettings): LinkError {
  const remedy = baudRateKey === undefined ? '' : `; ${baudRateKey} sets another rate`;
  return new LinkError(`${path} cannot be opened: the system refuses ${baudRate} baud${remedy}`);
}
