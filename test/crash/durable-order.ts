/**
 * In which order a command makes things durable, read from its recorded calls: a file before it is renamed into place, its name before the
 * command ends, and every object before a ref is moved. Holds whatever the disk does, so one run of a command is enough.
 */
import { dirname } from 'node:path';
import type { Call } from './recording-fs.js';

/** What must be there after a power cut; the index, logs and files of the worktree can be made again or need not. */
const durable =
  /\/(objects\/.*|refs\/.*|[A-Z]*HEAD|packed-refs|config|shallow|MERGE_M[A-Z]*|cfg\/merge\.json)$/;
const passing = /\/cfg\/locks(\/|$)|\.lock$|\/tmp_|\/logs\//;
const object = /\/objects\//;
const ref = /\/(refs\/.*|HEAD|packed-refs)$/;

const isDurable = (path: string): boolean => durable.test(path) && !passing.test(path);

/** What is out of order; empty when nothing is. */
export function disorder(calls: readonly Call[]): string[] {
  const disk = new UnsyncedDisk();
  for (const call of calls) disk.add(call);
  return [...disk.problems, ...disk.unsettled()];
}

class UnsyncedDisk {
  readonly problems: string[] = [];
  /** Files whose content may be lost. */
  private readonly contents = new Set<string>();
  /** Names that may be lost, or come back. */
  private readonly names = new Set<string>();

  add({ name, args: [first, second, third] }: Call): void {
    const path = String(first);
    if (name === 'sync' || name === 'syncDirectory') this.sync(path);
    else if (name === 'createFile' || name === 'appendFile')
      this.write(path, isEmpty(second), isSynced(third));
    else if (name === 'rename') this.rename(path, String(second));
    else if (name === 'link') this.names.add(String(second));
    else if (name === 'mkdir') this.names.add(path);
    else if (name === 'unlink') this.remove(path);
    else if (name === 'rmdir') this.names.delete(path);
  }

  unsettled(): string[] {
    const names = [...this.names].filter(isDurable).map((path) => `the folder of ${path} is not synced`);
    return [...names, ...[...this.contents].filter(isDurable).map((path) => `${path} is not synced`)];
  }

  private sync(path: string): void {
    this.contents.delete(path);
    for (const name of this.names) if (dirname(name) === path) this.names.delete(name);
  }

  private write(path: string, nothing: boolean, synced: boolean): void {
    this.names.add(path);
    if (synced) this.contents.delete(path);
    else if (!nothing) this.contents.add(path);
  }

  private rename(from: string, to: string): void {
    if (isDurable(to) && this.contents.has(from)) this.problems.push(`${to} is renamed before it is synced`);
    if (this.contents.delete(from)) this.contents.add(to);
    this.names.delete(from);
    if (ref.test(to)) this.checkObjects(to);
    this.names.add(to);
  }

  private checkObjects(to: string): void {
    for (const path of [...this.names, ...this.contents])
      if (object.test(path) && isDurable(path)) this.problems.push(`${to} is moved before ${path} is synced`);
  }

  /** A name that was never durable need not be made so to go; an object or an empty folder may come back. */
  private remove(path: string): void {
    this.contents.delete(path);
    if (this.names.delete(path)) return;
    if (object.test(path)) this.checkPacks(path);
    else this.names.add(path);
  }

  private checkPacks(gone: string): void {
    for (const path of [...this.names, ...this.contents])
      if (/\/pack-[^/]*\.(pack|idx)$/.test(path)) this.problems.push(`${gone} goes before ${path} is synced`);
  }
}

function isEmpty(data: unknown): boolean {
  return data instanceof Uint8Array && data.length === 0;
}

function isSynced(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'sync' in options && options.sync === true;
}
