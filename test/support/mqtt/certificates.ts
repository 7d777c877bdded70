import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * X.509 certificates for tests, written down in DER (RFC 5280): Node.js can read but not make them, and the `openssl` of the system
 * may not be there.
 */

const DAY_MS = 86_400_000;
/** ecdsa-with-SHA256, as an AlgorithmIdentifier. */
const SIGNED_WITH = Buffer.from('300a06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');
const VERSION_3 = Buffer.from('a003020102', 'hex');

/** A certificate and its key: both texts in PEM form, or the files that they are in. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** IPv4 addresses it is good for; default that of this machine. */
  readonly hosts?: readonly string[];
  /** Until when it is good, ms from now; default a day. */
  readonly validMs?: number;
}

/** Somebody who vouches for others, in a folder that goes away with it. */
export class Authority implements AsyncDisposable {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** Its own, in PEM form. */
  readonly certificate: string;

  private constructor(
    private readonly name: string,
    private readonly folder: string,
  ) {
    const mayVouch = sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE)));
    this.certificate = this.#certify(name, this.#keys.publicKey, DAY_MS, mayVouch);
  }

  static async create(name: string): Promise<Authority> {
    const authority = new Authority(name, await mkdtemp(join(tmpdir(), 'pulsegate-certificates-')));
    await writeFile(authority.file, authority.certificate);
    return authority;
  }

  /** Where its own is. */
  get file(): string {
    return join(this.folder, 'ca.pem');
  }

  /** The texts of a certificate that it has signed. */
  identify(name: string, { hosts = ['127.0.0.1'], validMs = DAY_MS }: CertificateOptions = {}): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const addresses = hosts.map((host) => tagged(0x87, Buffer.from(host.split('.').map(Number))));
    const isAt = sequence(ALTERNATIVE_NAMES, octets(sequence(...addresses)));
    return {
      cert: this.#certify(name, publicKey, validMs, isAt),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  /** The same in files. */
  async issue(name: string, options: CertificateOptions = {}): Promise<Certificate> {
    const { cert, key } = this.identify(name, options);
    const files = { cert: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
    await writeFile(files.cert, cert);
    await writeFile(files.key, key, { mode: 0o600 });
    return files;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #certify(name: string, key: KeyObject, validMs: number, extension: Buffer): string {
    const statement = sequence(
      VERSION_3,
      // The first byte must neither be zero nor make a negative number of it.
      tagged(0x02, Buffer.concat([Uint8Array.of(0x40), randomBytes(8)])),
      SIGNED_WITH,
      nameOf(this.name),
      sequence(time(-2 * DAY_MS), time(validMs)),
      nameOf(name),
      key.export({ type: 'spki', format: 'der' }),
      tagged(0xa3, sequence(extension)),
    );
    const signature = sign('sha256', statement, this.#keys.privateKey);
    const whole = sequence(statement, SIGNED_WITH, tagged(0x03, Uint8Array.of(0), signature));
    const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  }
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...bytes), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
const octets = (content: Uint8Array) => tagged(0x04, content);
const nameOf = (name: string) => sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));

/** As UTCTime, which has two digits for the year and no fractions. */
function time(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}
