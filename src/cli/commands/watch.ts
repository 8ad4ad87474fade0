import { constants } from 'node:os';
import { ConfigError } from '../../errors.js';
import type { LiveConfig } from '../../load/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { formatJson } from '../json.js';
import { styleFor } from '../render/style.js';
import type { Session } from '../session.js';
import { stackOptions, typedStack, watchTyped } from '../stack.js';
import { renderLine, type WatchLine } from '../watch/lines.js';
import { startProgram } from '../watch/program.js';
import { Supervisor } from '../watch/supervisor.js';

export const command: CommandSpec = {
  usage: ['watch [STACK] [-e ENV] [--var K=V] [--rev REV] [--exec CMD [--signal SIG]] [--reveal]'],
  about:
    'Prints each change of the merged configuration by key, until Ctrl-C (exit code 130). What is half written, or not valid, does not take effect: the last good one stays, and the place of the problem is printed. With --exec a command runs with the configuration, and again with each change.',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    ...stackOptions,
    { flags: '--exec <CMD>', about: 'run a command with the shell, and restart it with each change' },
    { flags: '--signal <SIG>', about: 'send the command a signal instead, as SIGHUP' },
    { flags: '--reveal', about: 'show the values of keys that look secret' },
  ],
  examples: [
    { command: 'cfg watch app -e prod', about: 'what changes for production, as it happens' },
    { command: "cfg watch -e dev --exec 'node server.js'", about: 'restart a server with each change' },
    {
      command: 'cfg watch -e prod --signal SIGHUP --exec \'nginx -g "daemon off;"\'',
      about: 'tell a server that can reload',
    },
    { command: 'cfg watch --rev main --json', about: 'follow a branch, as JSON lines' },
  ],
  answer:
    'one line of JSON for each event, {event, at, …}: watching {stack, variables, revision}; change {revision, changes: [{path, kind, from?, before?, after?}]}; invalid {revision, code, message, hint?, problems: [{file, line, column, path, rule, severity, message}]}; valid {revision}; error {code, message, hint?}; with --exec start {pid} and end {code, signal}',
  run: async (session, input) => {
    const ending = new AbortController();
    const print = printer(session, ending);
    const supervisor = supervisorOf(session, input, print);
    let live: LiveConfig | undefined;
    const release = session.io.onInterrupt?.(async () => {
      if (ending.signal.aborted) supervisor?.kill();
      ending.abort();
      await Promise.all([live?.close(), supervisor?.stop()]);
    });
    try {
      live = await watchTyped(session, input, ending.signal);
      const { variables } = typedStack(input, undefined);
      print({ event: 'watching', stack: live.stack, variables, revision: live.revision });
      report(live, { print, supervisor, reveal: input.flag('reveal') });
      supervisor?.changed();
      await aborted(ending.signal);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      await live?.close();
      await supervisor?.stop();
      release?.();
    }
    return { answer: undefined, text: () => '', printed: true };
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

type Print = (line: WatchLine) => void;

/** It ends when nobody reads any more. */
function printer({ io, json, color }: Session, ending: AbortController): Print {
  const style = styleFor(io.stdout, io.env, color);
  return (line) => {
    const at = io.now();
    io.stdout.write(
      json ? `${formatJson({ ...line, at: at.toISOString() })}\n` : renderLine(line, at, style),
    );
    if (io.stdout.closed === true) ending.abort();
  };
}

function report(
  live: LiveConfig,
  {
    print,
    supervisor,
    reveal,
  }: { readonly print: Print; readonly supervisor: Supervisor | undefined; readonly reveal: boolean },
): void {
  live.on('change', (changes, { revision, masked }) => {
    print({ event: 'change', revision, changes: reveal ? changes : masked() });
    supervisor?.changed();
  });
  live.on('invalid', ({ code, message, hint, problems }) =>
    print({ event: 'invalid', revision: live.revision, code, message, hint, problems }),
  );
  live.on('valid', () => print({ event: 'valid', revision: live.revision }));
  live.on('error', ({ code, message, hint }) => print({ event: 'error', code, message, hint }));
}

function supervisorOf(session: Session, input: Input, print: Print): Supervisor | undefined {
  const program = input.text('exec');
  const signal = signalOf(input.text('signal'));
  if (program === undefined) {
    if (signal === undefined) return undefined;
    throw new ConfigError('E_USAGE', '--signal needs a command to send it to', {
      hint: 'name it with --exec',
    });
  }
  return new Supervisor({
    start: () => startProgram(program, { io: session.io, cwd: session.cwd, toStderr: session.json }),
    ...(signal !== undefined && { signal }),
    onStart: (pid) => print({ event: 'start', pid }),
    onEnd: (ending) => print({ event: 'end', ...ending }),
  });
}

/** `HUP`, `sighup` and `SIGHUP` are one. */
function signalOf(text: string | undefined): NodeJS.Signals | undefined {
  if (text === undefined) return undefined;
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  if (isSignal(name)) return name;
  throw new ConfigError('E_USAGE', `'${text}' is no signal`, { hint: 'as in --signal SIGHUP' });
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
