/**
 * Error codes of the Buttplug protocol (spec, "Error" message). They classify a failure for a client's log;
 * `code` on the error classes is the gateway's own, finer name.
 */
export const ErrorCode = { Unknown: 0, Handshake: 1, Ping: 2, Message: 3, Device: 4 } as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Base of every error the gateway raises on purpose. The message is a sentence a user can act on. */
export abstract class GatewayError extends Error {
  /** Stable name of the failure, documented in docs/errors.md. Never reused. */
  abstract readonly code: string;
  /** How a Buttplug client is told. */
  readonly errorCode: ErrorCode = ErrorCode.Unknown;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The handshake was skipped, repeated, or asks for a version this server does not have. */
export class HandshakeError extends GatewayError {
  readonly code = 'GW_HANDSHAKE';
  override readonly errorCode = ErrorCode.Handshake;
}

/** The client did not ping in time; its session is over. */
export class PingTimeoutError extends GatewayError {
  readonly code = 'GW_PING_TIMEOUT';
  override readonly errorCode = ErrorCode.Ping;
}

/** A message the gateway cannot read, or that does not exist in the client's spec version. */
export class MessageError extends GatewayError {
  readonly code = 'GW_MESSAGE';
  override readonly errorCode = ErrorCode.Message;
}

/** A device or feature does not exist, is not granted or not able to do what was asked, or the value is out of range. */
export class DeviceError extends GatewayError {
  readonly code = 'GW_DEVICE';
  override readonly errorCode = ErrorCode.Device;
}

/** A connection to hardware failed or is gone. */
export class LinkError extends GatewayError {
  readonly code = 'GW_LINK';
  override readonly errorCode = ErrorCode.Device;
}

/** The gateway is shutting down and takes no more work. */
export class ShutdownError extends GatewayError {
  readonly code = 'GW_SHUTDOWN';
}

/** The gateway answered an embedded client with an Error; the code is the one a client on the network would get. */
export class RefusedError extends GatewayError {
  readonly code = 'GW_REFUSED';
  constructor(
    message: string,
    override readonly errorCode: ErrorCode,
  ) {
    super(message);
  }
}

/** The port cannot be opened. */
export class ListenError extends GatewayError {
  readonly code = 'GW_LISTEN';
}

/** A plugin is missing, malformed, or failed. */
export class PluginError extends GatewayError {
  readonly code = 'GW_PLUGIN';
  constructor(
    readonly plugin: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A script is not able to run, or asked for something it may not have. */
export class ScriptError extends GatewayError {
  readonly code = 'GW_SCRIPT';
}

/** The text of anything thrown, without a stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a client is told about anything thrown: our own sentences verbatim, nothing of a foreign error's insides. */
export function toGatewayError(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new InternalError(error);
}

/** Something failed that should not have; the cause goes to the log, not to the client. */
export class InternalError extends GatewayError {
  readonly code = 'GW_INTERNAL';
  constructor(cause: unknown) {
    super('The gateway failed to handle this; its log says why', { cause });
  }
}
