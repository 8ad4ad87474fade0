import { ConfigError } from '../errors.js';
import { parseSettings } from '../settings/index.js';
import { folderFiles } from './folder.js';
import { loadStack } from './stack.js';
import type { Config, LoadOptions } from './types.js';

const settingsPath = 'cfg.yaml';

/**
 * The merged configuration of a stack: its layers from a folder with a `cfg.yaml` (in a Git repository or not), or with `rev` from the
 * objects of a revision, checked against the schema of the stack. The value is deeply frozen.
 *
 * Throws E_SETTINGS (no `cfg.yaml`, or a wrong one), E_USAGE (no such stack, a missing variable), E_SOURCE (a required layer cannot be
 * read), E_INVALID (a layer does not parse, the result does not satisfy the schema; `details.problems` tells every place), E_BAD_PATH,
 * E_LIMIT; with `rev` also E_NOT_A_REPOSITORY, E_REVISION_NOT_FOUND.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  const { dir = '.', env = process.env, rev } = options;
  const files = rev === undefined ? folderFiles(dir, env) : await openRevision(dir, env, rev);
  const text = await files.read(settingsPath);
  if (text === undefined)
    throw new ConfigError(
      'E_SETTINGS',
      `no '${settingsPath}' in '${dir}'${rev === undefined ? '' : ` at '${rev}'`}`,
      {
        hint:
          rev === undefined
            ? "make one with 'cfg init', then list layers under 'stacks:' in it"
            : `see the commits that have one: cfg log ${settingsPath}`,
      },
    );
  const settings = parseSettings(text, rev === undefined ? settingsPath : `${rev}:${settingsPath}`);
  return loadStack(files, settings, { ...options, env });
}

/** Git is only loaded when a revision is asked for: most programs read a folder. */
async function openRevision(
  dir: string,
  env: NonNullable<LoadOptions['env']>,
  rev: string,
): Promise<ReturnType<typeof folderFiles>> {
  const { revisionFiles } = await import('./revision.js');
  return revisionFiles({ dir, env, rev });
}
