/** Services behind a program: `git upload-pack` for a path, `ssh` for a host. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '../config/load.js';
import { remoteError } from './failure.js';
import type { Pipe } from './pipe.js';

export interface Program {
  /** The program; a line for the shell where `args` is absent. */
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Environment;
  /** Where it leads, for messages. */
  readonly url: string;
  /** What to do where the program is not there. */
  readonly absentHint: string;
}

/** What Git itself takes out of the environment of a program in another repository (git: environment.c, local_repo_env). */
const ownVariables =
  /^GIT_(ALTERNATE_OBJECT_DIRECTORIES|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|OBJECT_DIRECTORY|DIR|WORK_TREE|IMPLICIT_WORK_TREE|GRAFT_FILE|INDEX_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|PREFIX|SHALLOW_FILE|COMMON_DIR|PROTOCOL|NAMESPACE)$/;

/** The environment without what belongs to this repository. */
export function foreignEnvironment(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ownVariables.test(name)));
}

/** Starts a program to speak with. */
export function startProgram(program: Program): Pipe {
  const { command, args, env } = program;
  const options = { env: foreignEnvironment(env), stdio: 'pipe' } as const;
  const child =
    args === undefined ? spawn(command, { ...options, shell: true }) : spawn(command, [...args], options);
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => keepTail(said, chunk));
  return {
    input: child.stdin,
    output: child.stdout,
    outcome: outcomeOf(child, program, said),
    kill: () => void child.kill(),
  };
}

const maxSaidBytes = 16_384;

function keepTail(said: Buffer[], chunk: Buffer): void {
  said.push(chunk);
  const all = Buffer.concat(said);
  said.splice(0, said.length, all.subarray(Math.max(0, all.length - maxSaidBytes)));
}

function outcomeOf(
  child: ChildProcess,
  program: Program,
  said: readonly Buffer[],
): Promise<Error | undefined> {
  const { url, command, absentHint } = program;
  return new Promise((resolve) => {
    child.once('error', (cause) => {
      const isAbsent = 'code' in cause && cause.code === 'ENOENT';
      resolve(
        isAbsent
          ? remoteError(url, `needs the program '${command}', which is not installed`, {
              hint: absentHint,
              cause,
            })
          : remoteError(url, `cannot be reached: '${command}' does not start`, { cause }),
      );
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(failureOf(program, Buffer.concat(said).toString('utf8'), signal ?? `exit code ${code}`));
    });
  });
}

/** What ssh and git say that helps nobody. */
const noise =
  /^(Could not read from remote repository\.|Please make sure you have the correct access rights|and the repository exists\.|the remote end hung up unexpectedly|)$/i;

function failureOf({ url, command }: Program, said: string, end: string): Error {
  const lines = said
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(fatal|error|remote): /i, '').trim())
    .filter((line) => !noise.test(line));
  const why = lines.slice(-3).join('; ') || `'${command.split(' ')[0] ?? command}' ended with ${end}`;
  return remoteError(url, `cannot be reached: ${why}`, { hint: hintFor(why), details: { output: lines } });
}

function hintFor(why: string): string {
  if (/not appear to be a git repository|not a git repository|No such file/i.test(why))
    return 'see whether the path is that of a repository';
  if (/permission denied|publickey|authentication/i.test(why))
    return 'see whether you may log in there: ssh -T USER@HOST; ssh-add -l lists your keys';
  if (/host key verification/i.test(why)) return 'connect once with ssh to accept the key of the host';
  if (/dubious ownership/i.test(why))
    return 'the folder belongs to someone else: git config --global --add safe.directory PATH';
  return 'see whether the address is right and the host can be reached';
}
