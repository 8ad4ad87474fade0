/**
 * What a power cut may leave behind. Calls are recorded; from any prefix of them a disk is built in which something that was not yet made
 * durable is missing: the content of a file or its second half, a name in a folder, the removal of one; or all of that at once.
 */
import { dirname } from 'node:path';
import { type Fs, nodeFileSystem } from '../../src/store/index.js';

export interface Call {
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

/** `inner` is the disk that does it, by default the real one. */
export function recordingFs(inner: Fs = nodeFileSystem): Recording {
  const calls: Call[] = [];
  const fs = new Proxy(inner, {
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

/** What of a call did not reach the disk. `name`: the new name in its folder, or that an old one is gone. */
interface Loss {
  readonly at: number;
  readonly kind: 'content' | 'half' | 'name';
}

/** One disk: the first `length` calls, but for what was lost of them. */
export interface PowerCut {
  readonly length: number;
  readonly lost: readonly Loss[];
}

/** What a power cut after the first `length` calls may have taken: nothing, any one thing, or everything that was not made durable. */
export function powerCuts(calls: readonly Call[], length: number): PowerCut[] {
  const losses: Loss[] = [];
  for (let at = 0; at < length; at += 1) {
    const later = calls.slice(at + 1, length);
    const call = calls[at];
    if (call === undefined) continue;
    if (writesContent(call) && !later.some((next) => syncs(next, String(call.args[0]))))
      losses.push({ at, kind: 'content' }, { at, kind: 'half' });
    const name = changedName(call);
    if (name !== undefined && !isLock(name) && !later.some((next) => syncs(next, dirname(name))))
      losses.push({ at, kind: 'name' });
  }
  const everything = losses.filter(({ kind }) => kind !== 'half');
  return [[], ...losses.map((loss) => [loss]), everything].map((lost) => ({ length, lost }));
}

/** In words, for a failing test. */
export function describeCut(calls: readonly Call[], { length, lost }: PowerCut): string {
  const things = lost.map(({ at, kind }) => `${kind} of ${calls[at]?.name} ${String(calls[at]?.args[0])}`);
  return `after ${length} of ${calls.length}, without ${things.join(', ') || 'any loss'}`;
}

/** Does the calls again on the disk as it was before, but for what was lost; `moved` gives the path in the copy. */
export function replay(calls: readonly Call[], cut: PowerCut, moved: (path: string) => string): void {
  for (const [at, { name, args }] of calls.slice(0, cut.length).entries()) {
    if (name.startsWith('sync')) continue;
    const losses = cut.lost.filter((loss) => loss.at === at).map(({ kind }) => kind);
    if (losses.includes('name')) continue;
    const values = args.map((value) =>
      typeof value === 'string' && value.startsWith('/') ? moved(value) : value,
    );
    const data = values[1];
    if (losses.length > 0 && data instanceof Uint8Array)
      values[1] = data.subarray(0, losses.includes('half') ? data.length >> 1 : 0);
    try {
      Reflect.apply(nodeFileSystem[name], nodeFileSystem, values);
    } catch (error) {
      // What built upon something lost is lost as well.
      if (!cut.lost.some(({ kind }) => kind === 'name')) throw error;
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

function changedName({ name, args }: Call): string | undefined {
  if (name === 'rename') return String(args[1]);
  return ['createFile', 'mkdir', 'unlink'].includes(name) ? String(args[0]) : undefined;
}

function syncs({ name, args }: Call, path: string): boolean {
  return name.startsWith('sync') && args[0] === path;
}

/** Locks and their owners are worth nothing after a power cut: their processes are gone. */
function isLock(path: string): boolean {
  return path.includes('/cfg/locks') || path.endsWith('.lock');
}
