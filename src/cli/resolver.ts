import { spawnSync } from 'node:child_process';
import { ConfigError } from '../errors.js';
import { parseDocument, valueOf, type ConfigValue } from '../doc/index.js';
import type { MergeConflict, Resolver } from '../repo/index.js';
import type { Io } from './io.js';
import { formatJson } from './json.js';
import { visible } from './render/style.js';

/**
 * A resolver that asks a program, run by the shell once a conflict: the conflict as one line of JSON on stdin, a JSON value
 * on stdout. Another exit code than 0 leaves the conflict; what the program writes to stderr is passed on. Throws E_IO where the program
 * cannot be run, is killed, or prints something else.
 */
export function programResolver(
  program: string,
  { io, cwd }: { readonly io: Io; readonly cwd: string },
): Resolver {
  return (conflict) => {
    const run = spawnSync(program, {
      shell: true,
      cwd,
      env: { ...io.env },
      input: `${formatJson(conflict)}\n`,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (run.stderr) io.stderr.write(run.stderr);
    if (run.error !== undefined && !isUnread(run.error))
      throw new ConfigError('E_IO', `cannot run the resolver '${program}'`, { cause: run.error });
    if (hasNotRun(run))
      throw new ConfigError('E_IO', `the resolver '${program}' did not run to its end`, {
        hint: 'name a program that the shell finds and may run; any exit code of its own leaves the conflict',
      });
    return run.status === 0 ? parseAnswer(run.stdout, program, conflict) : undefined;
  };
}

/** The shell found no such program or may not run it (POSIX: exit codes 126 and 127), or a signal ended it: none of these is an answer. */
function hasNotRun({ status }: { readonly status: number | null }): boolean {
  return status === null || status === 126 || status === 127;
}

/** The program ended without reading the conflict, which is its own affair. */
function isUnread(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}

function parseAnswer(stdout: string, program: string, { file, path }: MergeConflict): ConfigValue {
  const document = parseDocument(stdout, { format: 'json' });
  if (document.valid) return valueOf(document);
  throw new ConfigError(
    'E_IO',
    `the resolver '${program}' printed no JSON value for '${visible(`${file}#${path}`)}'`,
    {
      hint: 'print one JSON value and exit with 0, or exit with another code to leave the conflict',
    },
  );
}
