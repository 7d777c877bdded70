/**
 * The one way out of the sandbox: a function of the host's that takes text. It lives in this closure alone; a script never gets
 * hold of it, and if it did, it could say no more than any script may say.
 *
 * What goes out, as [kind, …]: `h` the handshake is done, `f` a frame for the gateway, `c` a call of something outside, and a text
 * that goes with it, `l` a log line, `w` how long until the next timer is due (ms), `i` there seems to be nothing left to wait for, `x` the script has ended by itself.
 */
type Outgoing =
  | readonly ['h']
  | readonly ['f', frame: string]
  | readonly ['c', call: string, data?: string]
  | readonly ['l', level: string, text: string]
  | readonly ['w', delayMs: number]
  | readonly ['i']
  | readonly ['x', problem: string];

let post: ((batch: string) => void) | undefined;
let outbox: Outgoing[] = [];
const beforeSending: (() => void)[] = [];

export function openPort(to: (batch: string) => void): void {
  post = to;
}

/** Called before every batch leaves, for those who gather what they have to say. */
export function onSending(listener: () => void): void {
  beforeSending.push(listener);
}

/** Leaves when the running code and everything that follows from it at once has had its say. */
export function emit(message: Outgoing): void {
  outbox.push(message);
  schedule();
}

let isScheduled = false;

/** Asks for a batch to be sent, even if there is nothing in it yet. */
export function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  void Promise.resolve().then(flush);
}

function flush(): void {
  for (const listener of beforeSending) listener();
  isScheduled = false;
  if (outbox.length === 0) return;
  const batch = JSON.stringify(outbox);
  outbox = [];
  post?.(batch);
}
