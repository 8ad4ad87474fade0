/** What the system says of a file, as an error of cfg. */
import { dirname } from 'node:path';
import { ConfigError, isConfigError } from '../errors.js';

/** The code of a system error (`ENOENT`), also of one that is an E_IO already; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const system = isConfigError(error, 'E_IO') ? error.cause : error;
  if (!(system instanceof Error) || !('syscall' in system) || !('code' in system)) return undefined;
  return typeof system.code === 'string' ? system.code : undefined;
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space and run the command again; nothing is half done',
  EDQUOT: 'free some disk space and run the command again; nothing is half done',
  EROFS: 'the file system is mounted read-only',
  EMFILE: 'too many open files: raise the limit (ulimit -n) and run the command again',
};

/** A system error as E_IO; what is none (a ConfigError, a bug) is returned as it is. */
export function ioError(action: string, path: string, error: unknown): unknown {
  const code = errnoOf(error);
  if (code === undefined || isConfigError(error)) return error;
  const denied = code === 'EACCES' || code === 'EPERM';
  const hint = denied ? `see who may: ls -ld '${path}' '${dirname(path)}'` : advice[code];
  return new ConfigError('E_IO', `cannot ${action} '${path}': ${code}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { path, errno: code },
    cause: error,
  });
}
