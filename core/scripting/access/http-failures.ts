const FAILURES: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'the connection was closed too early'],
  ['EPIPE', 'the connection was closed too early'],
  ['EHOSTUNREACH', 'there is no way to it'],
  ['ENETUNREACH', 'there is no way to it'],
  ['EADDRNOTAVAIL', 'there is no way to it'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ENOTFOUND', 'its name does not exist'],
  ['EAI_AGAIN', 'its name could not be looked up'],
  ['EPROTO', 'it does not speak TLS'],
  ['HPE_HEADER_OVERFLOW', 'the headers of its answer are too long'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'nobody vouches for its certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'nobody vouches for its certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'nobody vouches for its certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'nobody vouches for its certificate'],
]);

/** What went wrong with a request, in words for the author of a script; nothing of the gateway's insides. */
export function describeFailure(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  if (code.startsWith('ERR_SSL')) return 'it does not speak TLS';
  return FAILURES.get(code) ?? (code.startsWith('HPE_') ? 'its answer is no HTTP' : code);
}
