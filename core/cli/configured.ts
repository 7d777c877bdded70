import { ConfigError } from '../config/issues.js';
import { GatewayError } from '../errors.js';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.js';
import { EXIT, type Terminal } from './terminal.js';

/**
 * The gateway as it is configured here, not started. Undefined when the configuration makes no sense: the user has been told, and
 * the exit code is set.
 */
export async function configuredGateway(options: GatewayOptions, terminal: Terminal): Promise<Gateway | undefined> {
  try {
    return await createGateway({ env: terminal.env, cwd: terminal.cwd, ...options });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    terminal.stderr(`${error.message}\n`);
    terminal.setExitCode(error instanceof ConfigError ? EXIT.badConfig : EXIT.failed);
    return undefined;
  }
}
