/**
 * What a power cut may leave behind. Calls are recorded; from any prefix of them a disk is built in which one thing that was not
 * yet made durable is missing: the content of a file, or a name in a folder.
 */
import { dirname } from 'node:path';
import { type Fs, nodeFileSystem } from '../../src/store/index.js';

interface Call {
  readonly name: keyof Fs;
  readonly args: readonly unknown[];
}

export interface Recording {
  readonly fs: Fs;
  readonly calls: readonly Call[];
}

const recorded: ReadonlySet<string> = new Set(
  'createFile appendFile rename link unlink symlink mkdir rmdir chmod syncDirectory sync'.split(' '),
);

export function recordingFs(): Recording {
  const calls: Call[] = [];
  const fs = new Proxy(nodeFileSystem, {
    get:
      (target, name: keyof Fs) =>
      (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(target[name], target, args);
        // What failed is not recorded; a sync counts once it is over.
        if (result instanceof Promise) return result.then(() => void calls.push({ name, args }));
        if (recorded.has(name)) calls.push({ name, args });
        return result;
      },
  });
  return { fs, calls };
}

/** One disk: the first `length` calls, of which `lost` did not reach it. */
export interface PowerCut {
  readonly length: number;
  readonly lost: { readonly at: number; readonly kind: 'content' | 'name' } | undefined;
}

/** All that a power cut after the first `length` calls may have taken. */
export function powerCuts(calls: readonly Call[], length: number): PowerCut[] {
  const cuts: PowerCut[] = [{ length, lost: undefined }];
  for (let at = 0; at < length; at += 1) {
    const later = calls.slice(at + 1, length);
    const call = calls[at];
    if (call === undefined) continue;
    if (writesContent(call) && !later.some((next) => syncs(next, String(call.args[0]))))
      cuts.push({ length, lost: { at, kind: 'content' } });
    const name = createdName(call);
    if (name !== undefined && !isLock(name) && !later.some((next) => syncs(next, dirname(name))))
      cuts.push({ length, lost: { at, kind: 'name' } });
  }
  return cuts;
}

/** Does the calls again on the disk as it was before, but for what was lost; `moved` gives the path in the copy. */
export function replay(calls: readonly Call[], cut: PowerCut, moved: (path: string) => string): void {
  for (const [at, { name, args }] of calls.slice(0, cut.length).entries()) {
    if (name.startsWith('sync')) continue;
    const isLost = cut.lost?.at === at;
    if (isLost && cut.lost?.kind === 'name') continue;
    const values = args.map((value) =>
      typeof value === 'string' && value.startsWith('/') ? moved(value) : value,
    );
    if (isLost) values[1] = new Uint8Array();
    try {
      Reflect.apply(nodeFileSystem[name], nodeFileSystem, values);
    } catch (error) {
      // What built upon something lost is lost as well.
      if (cut.lost?.kind !== 'name') throw error;
    }
  }
}

/** An empty log after a power cut is not a lost commit: logs are not made durable. */
function writesContent({ name, args }: Call): boolean {
  if (name === 'appendFile' && String(args[0]).includes('/logs/')) return false;
  const [, data, options] = args;
  const isSynced =
    typeof options === 'object' && options !== null && 'sync' in options && options.sync === true;
  const isEmpty = data instanceof Uint8Array && data.length === 0;
  return (name === 'createFile' || name === 'appendFile') && !isSynced && !isEmpty;
}

function createdName({ name, args }: Call): string | undefined {
  if (name === 'rename') return String(args[1]);
  return name === 'createFile' || name === 'mkdir' ? String(args[0]) : undefined;
}

function syncs({ name, args }: Call, path: string): boolean {
  return name.startsWith('sync') && args[0] === path;
}

/** Locks and their owners are worth nothing after a power cut: their processes are gone. */
function isLock(path: string): boolean {
  return path.includes('/cfg/locks') || path.endsWith('.lock');
}
