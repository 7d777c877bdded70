import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { systemClock } from '../clock.js';
import type { Config } from '../config/schema.js';
import type { ScriptAction } from '../scripting/scripts.js';
import { hasFailed, ListedScript, problemLine, unexpected } from './listed-script.js';
import { type Answer, RunningGateway } from './running-gateway.js';
import { EXIT, printable, type Terminal } from './terminal.js';

const script = Compile(ListedScript);
const refusal = Compile(Type.Object({ error: Type.String() }));

/** How long it may take until it is known what became of the order, and how often the gateway is asked, ms. */
const PATIENCE_MS = 5_000;
const ASK_EVERY_MS = 50;

/** Tells the gateway that runs what to do with a script, and the user what became of it. */
export async function steerScript(action: ScriptAction, name: string, config: Config, terminal: Terminal) {
  const { http, scripts } = config;
  const gateway = new RunningGateway(http, http.token ?? scripts.token);
  const path = `/api/scripts/${encodeURIComponent(name)}`;
  const fail = (sentence: string) => {
    terminal.stderr(`${printable(sentence)}\n`);
    terminal.setExitCode(EXIT.failed);
  };

  let answer = await gateway.ask(`${path}/${action}`, 'POST');
  const deadline = systemClock.now() + PATIENCE_MS;
  while (isUnderWay(answer) && systemClock.now() < deadline) {
    await systemClock.sleep(ASK_EVERY_MS);
    answer = await gateway.ask(path);
  }
  if (!answer) fail(`No gateway runs on ${gateway.address}; start it with "pulsegate start", and its scripts with it`);
  else if (script.Check(answer.body)) {
    const { state, lastError } = answer.body;
    if (hasFailed(state)) fail(`${name}: ${state}${lastError ? `: ${problemLine(lastError)}` : ''}`);
    else terminal.stdout(`${name}: ${state}\n`);
  } else if (answer.status !== 401 && refusal.Check(answer.body)) fail(answer.body.error);
  else fail(unexpected(answer, gateway.address));
}

const isUnderWay = (answer: Answer | undefined) =>
  script.Check(answer?.body) && (answer.body.state === 'starting' || answer.body.state === 'stopping');
