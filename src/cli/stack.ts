import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ConfigError, shellWord } from '../errors.js';
import type { ConfigObject, ConfigValue } from '../doc/index.js';
import type { Config, LiveConfig, LoadOptions } from '../load/index.js';
import type { Repository } from '../repo/index.js';
import type { OptionSpec } from './command.js';
import type { Input } from './input.js';
import { openIfAny, type Session } from './session.js';

/** Of every command that shows merged configuration. */
export const revealOption: OptionSpec = {
  flags: '--reveal',
  about: 'show secret values, which are *** otherwise',
};

/** The options of every command that loads a stack. */
export const stackOptions: readonly OptionSpec[] = [
  { flags: '-e, --env <ENV>', about: 'the environment: short for --var env=ENV' },
  { flags: '--var <K=V>', about: 'a variable of the layer names', repeat: true },
  { flags: '--set <KEY=VALUE>', about: 'a value over all layers, read as YAML', repeat: true },
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

/** What was typed, as options of `loadConfig`. */
export async function typedOptions(
  session: Session,
  input: Input,
  stack: string | undefined,
): Promise<LoadOptions> {
  const [folder, overrides] = [await configFolder(session), await typedOverrides(input)];
  const rev = input.text('rev') ?? folder.rev;
  return {
    ...typedStack(input, stack),
    dir: folder.dir,
    env: session.io.env,
    ...(rev === undefined ? {} : { rev }),
    ...(overrides === undefined ? {} : { overrides }),
  };
}

/** The stack and the variables as typed. */
export function typedStack(
  input: Input,
  stack: string | undefined,
): { readonly stack?: string; readonly variables: Readonly<Record<string, string>> } {
  return { variables: variablesOf(input), ...(stack === undefined ? {} : { stack }) };
}

/** What `--set` says, as one map; undefined when it says nothing. Throws E_USAGE, E_BAD_PATH. */
export async function typedOverrides(input: Input): Promise<ConfigObject | undefined> {
  const typed = input.texts('set');
  if (typed.length === 0) return undefined;
  const [{ isMap, parseInputValue, parseKeyPath }, { mergeLayers }] = await Promise.all([
    import('../doc/index.js'),
    import('../layer/index.js'),
  ]);
  const layers = typed.map((text) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new ConfigError('E_USAGE', `'${text}' is not KEY=VALUE`, { hint: '--set db.pool.max=5' });
    const path = parseKeyPath(key);
    const names = path.filter((step) => typeof step === 'string');
    if (names.length === 0 || names.length < path.length)
      throw new ConfigError('E_USAGE', `'${key}' is no path of names`, { hint: '--set db.pool.max=5' });
    return { name: key, value: nested(names, parseInputValue(value)) };
  });
  const { value } = mergeLayers(layers.map((layer) => ({ ...layer, unsets: false })));
  return isMap(value) ? value : undefined;
}

function nested(path: readonly string[], value: ConfigValue): ConfigValue {
  return path.reduceRight<ConfigValue>((inner, key) => Object.fromEntries([[key, inner]]), value);
}

/** The root of the worktree, HEAD of a bare repository, or the current folder where there is no repository. */
async function configFolder(session: Session): Promise<{ readonly dir: string; readonly rev?: string }> {
  const repo = await openIfAny(session);
  if (repo === undefined) return { dir: session.cwd };
  requireRootSettings(session, repo);
  return repo.root === undefined ? { dir: session.cwd, rev: 'HEAD' } : { dir: repo.root };
}

/**
 * Throws E_USAGE where a folder between the root of the worktree and the current one has a `cfg.yaml` of its own: who stands there means its
 * stacks, and would get others of the same name.
 */
export function requireRootSettings({ cwd }: Session, { root }: Repository): void {
  if (root === undefined || relative(root, cwd).startsWith('..')) return;
  for (let folder = cwd; folder !== root && folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'cfg.yaml');
    if (!existsSync(path)) continue;
    const file = relative(root, path);
    throw new ConfigError('E_USAGE', `'${file}' is not in force: a repository has the cfg.yaml at its root`, {
      hint: `load a stack of the root: cfg -C ${shellWord(root)} load; or move the stacks of '${file}' there`,
      details: { file },
    });
  }
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
