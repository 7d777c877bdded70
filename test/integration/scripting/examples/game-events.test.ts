import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsOver } from '../../../support/scripting/levels.js';

const SCRIPT = 'game-events';
const TOY = 'pulsegate-testbed-1';
const SECOND = 1000;
/** The port in the file; the test's game is on another, whatever else runs on this machine. */
const WRITTEN_PORT = /\b5151\b/g;

/** A game's HTTP page: what it says next, and how often it was asked. */
class Game implements AsyncDisposable {
  /** The whole answer, or its events. */
  says: string | readonly object[] = [];
  status = 200;
  asked = 0;
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((_request, response) => {
      this.asked += 1;
      const body = typeof this.says === 'string' ? this.says : JSON.stringify({ events: this.says });
      response.writeHead(this.status, { 'content-type': 'application/json', connection: 'close' }).end(body);
    });
  }

  static async start(): Promise<Game> {
    const game = new Game();
    await game.comeBack();
    return game;
  }

  get port(): number {
    return this.#port;
  }

  async goAway(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async comeBack(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function run(game: Game, device: object = {}): Promise<ScriptedGateway> {
  const text = (await exampleScripts(SCRIPT))[`${SCRIPT}.js`] ?? '';
  // Once in the header, and once in the address.
  expect(text.match(WRITTEN_PORT)).toHaveLength(2);
  return bootScripts({
    devices: [{ model: 'Pulsegate Testbed', messageGap: 0, ...device }],
    scripts: { [`${SCRIPT}.js`]: text.replaceAll(WRITTEN_PORT, String(game.port)) },
  });
}

/** Vibration, ten times a second. */
async function watch(gateway: ScriptedGateway, forMs: number): Promise<readonly number[]> {
  const [levels] = await levelsOver(gateway, [[TOY, 'Vibrate']], { forMs, stepMs: 100 });
  return levels ?? [];
}

/** What the script says; the gateway notes every request besides. */
const said = (gateway: ScriptedGateway) => gateway.console(SCRIPT).filter((line) => !line.startsWith('debug'));
const failures = (gateway: ScriptedGateway) => gateway.console(SCRIPT).filter((line) => line.includes('failed')).length;

const hit = (id: number, strength: unknown = 1) => ({ id, type: 'hit', strength });

describe('the example game-events', () => {
  it('asks the game four times a second', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    const before = game.asked;
    await gateway.advance(10 * SECOND);
    expect(game.asked - before).toBe(40);
  });

  it('turns a hit into a short pulse of its strength', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [hit(1, 0.5)];
    const levels = await watch(gateway, 3 * SECOND);
    expect(Math.max(...levels)).toBe(8);
    expect(levels.filter((level) => level > 0).length).toBeGreaterThanOrEqual(2);
    expect(levels.filter((level) => level > 0).length).toBeLessThanOrEqual(4);
    expect(levels.at(-1)).toBe(0);
  });

  it('turns a heal into a soft wave, and a death into a way down', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [{ id: 1, type: 'heal', strength: 1 }];
    const heal = await watch(gateway, 4 * SECOND);
    expect(Math.max(...heal)).toBeLessThanOrEqual(8);
    expect(heal.filter((level) => level > 0).length).toBeGreaterThan(20);
    expect(heal.at(-1)).toBe(0);
    game.says = [{ id: 2, type: 'death' }];
    const death = await watch(gateway, 5 * SECOND);
    const top = death.indexOf(Math.max(...death));
    expect(death[top]).toBe(16);
    expect(death.slice(top)).toEqual(death.slice(top).toSorted((left, right) => right - left));
    expect(death.at(-1)).toBe(0);
  });

  it('lets the strongest be felt of several at a time', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [{ id: 1, type: 'heal', strength: 0.5 }, hit(2, 0.9), hit(3, 0.2)];
    const levels = await watch(gateway, 4 * SECOND);
    expect(Math.max(...levels)).toBe(15);
    expect(levels.filter((level) => level > 0).length).toBeGreaterThan(15);
    expect(levels.at(-1)).toBe(0);
  });

  it('plays no event twice, and none that is older than itself', async () => {
    await using game = await Game.start();
    game.says = [hit(41), hit(42)];
    await using gateway = await run(game);
    expect(Math.max(...(await watch(gateway, 2 * SECOND)))).toBe(0);
    game.says = [hit(42), hit(43)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
    expect(Math.max(...(await watch(gateway, 2 * SECOND)))).toBe(0);
    game.says = [];
    await gateway.advance(SECOND);
    game.says = [hit(40), hit(41), hit(42), hit(43)];
    expect(Math.max(...(await watch(gateway, 2 * SECOND)))).toBe(0);
  });

  it('follows a game that was started anew and counts from the beginning', async () => {
    await using game = await Game.start();
    game.says = [hit(500)];
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [hit(1)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(0);
    game.says = [hit(1), hit(2)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
  });

  it('asks less and less often while the game is away, says so once, and replays nothing when it is back', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    game.says = [hit(1)];
    await gateway.advance(2 * SECOND);
    await game.goAway();
    await gateway.advance(2 * SECOND);
    const before = failures(gateway);
    await gateway.advance(120 * SECOND);
    expect(failures(gateway) - before).toBeLessThan(8);
    expect(said(gateway)).toEqual([
      'info: The game is there',
      expect.stringMatching(
        /^info: The game is away; I keep asking \(localhost could not be fetched: connection refused\)$/,
      ),
    ]);
    game.says = [hit(1), hit(2), hit(3)];
    const askedBefore = game.asked;
    await game.comeBack();
    expect(Math.max(...(await watch(gateway, 40 * SECOND)))).toBe(0);
    expect(game.asked).toBeGreaterThan(askedBefore);
    expect(said(gateway).at(-1)).toBe('info: The game is there');
    game.says = [hit(4)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('waits for a game that is not there yet, and takes an error for being away', async () => {
    await using game = await Game.start();
    game.status = 503;
    await using gateway = await run(game);
    await gateway.advance(5 * SECOND);
    expect(game.asked).toBeLessThan(6);
    expect(said(gateway)).toEqual(['info: The game is away; I keep asking (it answers with status 503)']);
    game.status = 200;
    await gateway.advance(10 * SECOND);
    expect(said(gateway).at(-1)).toBe('info: The game is there');
  });

  it.each(['', '{"events":[', 'null', '[]', '{}', '{"events":{}}', '{"events":"hit"}', '<html>'])(
    'tolerates the answer %j, says so once, and knows the next event',
    async (garbage) => {
      await using game = await Game.start();
      await using gateway = await run(game);
      await gateway.advance(SECOND);
      game.says = garbage;
      expect(Math.max(...(await watch(gateway, 2 * SECOND)))).toBe(0);
      expect(said(gateway).filter((line) => line.startsWith('warn'))).toHaveLength(1);
      game.says = [hit(1)];
      expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
      expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
    },
  );

  it('ignores events that are none, and limits what is too strong', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says =
      '{"events":[null,7,"hit",[],{"type":"hit"},{"id":"9","type":"hit"},{"id":1.5,"type":"hit"},{"id":2,"type":"toString"},{"id":3},{"id":4,"type":"hit","strength":"much"},{"id":5,"type":"hit","strength":-1}]}';
    expect(Math.max(...(await watch(gateway, 2 * SECOND)))).toBe(0);
    game.says = [hit(6, 1e9)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
    expect(said(gateway)).toEqual(['info: The game is there']);
  });

  it('bears a hail of events, and is silent after it', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = Array.from({ length: 3000 }, (_, place) => hit(place + 1, 0.5));
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(8);
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(0);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('goes on when the device drops out and comes back', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [{ id: 1, type: 'death' }];
    await gateway.advance(SECOND);
    await gateway.booted.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 1 });
    await gateway.advance(3 * SECOND);
    await gateway.advance(3 * SECOND);
    expect(await watch(gateway, SECOND)).toEqual(Array.from({ length: 10 }, () => 0));
    game.says = [hit(2)];
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(16);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('leaves nothing on when it is stopped in the middle of an effect', async () => {
    await using game = await Game.start();
    await using gateway = await run(game);
    await gateway.advance(SECOND);
    game.says = [{ id: 1, type: 'death' }];
    await gateway.advance(SECOND);
    gateway.booted.gateway.scripts.act(SCRIPT, 'stop');
    await gateway.advance(200);
    expect(Math.max(...(await watch(gateway, SECOND)))).toBe(0);
  });
});
