/** Why there is no session, or no more; a sentence that somebody can act on. */
export class MqttConnectorError extends Error {
  override readonly name = 'MqttConnectorError';
}
