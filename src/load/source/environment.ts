import { ConfigError } from '../../errors.js';
import { fileVariables, variablesUnder, type FileText } from '../../layer/index.js';
import { readAbsolute } from '../folder.js';
import type { Reader } from './file.js';
import type { SourceContext } from './types.js';

/**
 * Environment variables under a prefix. One called `NAME_FILE` may name a file that has the value of `NAME`, as secrets are
 * mounted into containers: with `files` any, without it those whose key then looks secret, and none when it is false.
 */
export function environmentSource(prefix: string, files?: boolean): Reader {
  const name = `env:${prefix}`;
  return {
    name,
    kind: 'env',
    read: ({ env, look }) => {
      const variables = variablesUnder(prefix, env);
      const named =
        files === false ? new Map<string, FileText>() : readNamed(prefix, files, { env: variables, look });
      return { documents: [{ name, prefix, variables, files: named }] };
    },
  };
}

function readNamed(
  prefix: string,
  all: boolean | undefined,
  { env, look }: Pick<SourceContext, 'env' | 'look'>,
): ReadonlyMap<string, FileText> {
  const texts = new Map<string, FileText>();
  for (const { variable, path } of fileVariables(env, prefix, all)) {
    if (!path.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(path)) continue;
    look({ kind: 'file', fsPath: path });
    texts.set(variable, readNamedFile(variable, path));
  }
  return texts;
}

/** A last line break is left out: most editors write one, and no secret ends in one. */
function readNamedFile(variable: string, path: string): FileText {
  const hint = `see the file that ${variable} names`;
  try {
    const text = readAbsolute(path);
    if (text !== undefined) return { text: text.replace(/\r?\n$/, '') };
    return {
      error: new ConfigError('E_SOURCE', `the file that '${variable}' names does not exist`, { hint }),
    };
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const message = `the file that '${variable}' names cannot be read: ${cause.message}`;
    return { error: new ConfigError('E_SOURCE', message, { hint, cause }) };
  }
}
