/** The configuration file of the repository itself, for writing. */
import { join } from 'node:path';
import { type Disk, ioError, readIfPresent } from '../disk.js';
import type { Layout } from '../layout.js';
import { withLock } from '../lock.js';
import type { ConfigEdit, LocalConfig } from '../types.js';
import { editConfig } from './edit.js';
import { configOf } from './load.js';
import { parseConfig } from './parse.js';

export class FileLocalConfig implements LocalConfig {
  private readonly disk: Disk;
  private readonly layout: Pick<Layout, 'commonDir'>;

  private readonly onChange: () => void;

  constructor(disk: Disk, layout: Pick<Layout, 'commonDir'>, onChange: () => void) {
    this.disk = disk;
    this.layout = layout;
    this.onChange = onChange;
  }

  get(name: string): string | undefined {
    const path = this.path();
    return configOf(parseConfig(this.read(path).toString('utf8'), path)).get(name);
  }

  async update(edits: readonly ConfigEdit[]): Promise<boolean> {
    const path = this.path();
    const changed = await withLock(this.disk, path, (lock) => {
      const before = this.read(path);
      const after = edited(before, path, edits);
      if (after.equals(before)) return false;
      lock.stage(after);
      this.keepMode(path);
      lock.commit();
      return true;
    });
    if (changed) this.onChange();
    return changed;
  }

  /** git: config.c keeps it too. */
  private keepMode(path: string): void {
    const { fs } = this.disk;
    try {
      const mode = fs.stat(path)?.mode;
      if (mode !== undefined) fs.chmod(`${path}.lock`, mode & 0o777);
    } catch (error) {
      throw ioError('write', path, error);
    }
  }

  private read(path: string): Buffer {
    return readIfPresent(this.disk.fs, path) ?? Buffer.alloc(0);
  }

  /** Git writes through a symlink, so that it stays one. */
  private path(): string {
    const path = join(this.layout.commonDir, 'config');
    return this.disk.fs.stat(path) === undefined ? path : this.disk.fs.realpath(path);
  }
}

const byteOrderMark = Buffer.from('\ufeff');

/** Edits as a byte string: a file need not be UTF-8, and what the edits are not about keeps its bytes. */
function edited(data: Buffer, path: string, edits: readonly ConfigEdit[]): Buffer {
  const start = data.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  const text = editConfig(data.toString('latin1', start), path, edits.map(inBytes));
  return Buffer.concat([data.subarray(0, start), Buffer.from(text, 'latin1')]);
}

function inBytes(edit: ConfigEdit): ConfigEdit {
  const subsection = bytes(edit.subsection);
  if ('rename' in edit)
    return { ...edit, subsection, rename: edit.rename === null ? null : bytes(edit.rename) };
  if ('instead' in edit)
    return { ...edit, subsection, value: bytes(edit.value), instead: bytes(edit.instead) };
  return { ...edit, subsection, value: edit.value === null ? null : bytes(edit.value) };
}

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
