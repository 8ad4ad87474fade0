import { ConfigError } from '../errors.js';
import type { Config, LiveConfig, LoadOptions } from '../load/index.js';
import type { OptionSpec } from './command.js';
import type { Input } from './input.js';
import { openIfAny, type Session } from './session.js';

/** The options of every command that loads a stack. */
export const stackOptions: readonly OptionSpec[] = [
  { flags: '-e, --env <ENV>', about: 'the environment: short for --var env=ENV' },
  { flags: '--var <K=V>', about: 'a variable of the layer names', repeat: true },
  { flags: '--rev <REV>', about: 'as it was at a revision or in the highest release of a range' },
];

/** Loads the stack that was typed; the only one, or `app`, when none was. Throws what `loadConfig` throws. */
export async function loadTyped(session: Session, input: Input, stack: string | undefined): Promise<Config> {
  const { loadConfig } = await import('../load/index.js');
  return loadConfig(await typedOptions(session, input, stack));
}

/** Watches what {@link loadTyped} loads, until `signal` is aborted. Throws what `watchConfig` throws. */
export async function watchTyped(session: Session, input: Input, signal: AbortSignal): Promise<LiveConfig> {
  const { watchConfig } = await import('../load/index.js');
  return watchConfig({ ...(await typedOptions(session, input, input.operands[0])), signal });
}

async function typedOptions(session: Session, input: Input, stack: string | undefined): Promise<LoadOptions> {
  const folder = await configFolder(session);
  const rev = input.text('rev') ?? folder.rev;
  return {
    ...typedStack(input, stack),
    dir: folder.dir,
    env: session.io.env,
    ...(rev === undefined ? {} : { rev }),
  };
}

/** The stack and the variables as typed. */
export function typedStack(
  input: Input,
  stack: string | undefined,
): { readonly stack?: string; readonly variables: Readonly<Record<string, string>> } {
  return { variables: variablesOf(input), ...(stack === undefined ? {} : { stack }) };
}

/** The root of the worktree, HEAD of a bare repository, or the current folder where there is no repository. */
async function configFolder(session: Session): Promise<{ readonly dir: string; readonly rev?: string }> {
  const repo = await openIfAny(session);
  if (repo === undefined) return { dir: session.cwd };
  return repo.root === undefined ? { dir: session.cwd, rev: 'HEAD' } : { dir: repo.root };
}

function variablesOf(input: Input): Readonly<Record<string, string>> {
  const environment = input.text('env');
  const typed = input.texts('var').map((text): [string, string] => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new ConfigError('E_USAGE', `'${text}' is not NAME=VALUE`, { hint: '--var region=eu' });
    return [name, value];
  });
  return Object.fromEntries([...(environment === undefined ? [] : [['env', environment]]), ...typed]);
}
