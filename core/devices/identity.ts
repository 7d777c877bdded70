/** Which physical device this is: the same three values name it on every start. */
export interface DeviceIdentity {
  /** Protocol id. */
  readonly protocol: string;
  /** Model identifier, as the protocol found it. */
  readonly identifier: string;
  readonly address: string;
}

/** The stable key of a device, for logs, files and topics: `lovense/P/00:82:05:9A:D3:BD`. */
export const deviceKey = ({ protocol, identifier, address }: DeviceIdentity): string =>
  [protocol, identifier, address].join('/');
