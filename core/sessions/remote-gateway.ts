/**
 * How a gateway introduces itself to another whose devices it shows as its own. What it shows that way is not shown on: otherwise
 * two gateways that show each other's devices would show them back and forth without end.
 */

const MARK = /^pulsegate-remote\/1 (?<gateway>[0-9a-z-]{1,64})(?: |$)/;

/**
 * The client name of such a session.
 *
 * @param gateway id of the gateway that connects
 * @param name for people
 */
export const remoteClientName = (gateway: string, name: string): string => `pulsegate-remote/1 ${gateway} ${name}`;

/** The id of the gateway behind a session; undefined when it is a client like any other. */
export const gatewayBehind = (clientName: string): string | undefined => MARK.exec(clientName)?.groups?.gateway;
