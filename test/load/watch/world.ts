/** A file system in memory, in virtual time, with writers of every style; and the sources and hints that an engine has of it. */
import { mergeLayers } from '../../../src/layer/index.js';
import { createConfig } from '../../../src/load/config.js';
import { ConfigError } from '../../../src/errors.js';
import type { Hints, OpenHints, Sources } from '../../../src/load/watch/ports.js';
import type { Mark } from '../../../src/load/mark.js';

/** A step of a writer, after a pause. */
export interface Step {
  readonly afterMs: number;
  readonly act: (world: World) => void;
  /** What is there now is what the writer wanted. */
  readonly done?: boolean;
}

interface File {
  readonly inode: number;
  readonly lines: readonly string[];
  readonly mtimeMs: number;
}

/** What happens to a hint. */
export type Fate = 'told' | 'dropped' | 'doubled' | 'delayed';

const names = ['a', 'b'];
const tickMs = 4;

export class World {
  readonly #files = new Map<string, File>();
  #inodes = 0;
  #onHint: (() => void) | undefined;
  readonly #fates: readonly Fate[];
  #told = 0;
  locked: boolean = false;
  /** Every state that a writer wanted, as JSON. */
  readonly complete: Set<string> = new Set();
  reading: number = 0;
  mostReading: number = 0;

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
    for (const name of names) this.replace(name, ['0', '0', '0']);
    this.complete.add(this.state());
  }

  replace(name: string, lines: readonly string[]): void {
    this.#files.set(name, this.#stamped(lines, ++this.#inodes));
    this.#hint();
  }

  write(name: string, lines: readonly string[]): void {
    this.#files.set(name, this.#stamped(lines, this.#files.get(name)?.inode ?? ++this.#inodes));
    this.#hint();
  }

  append(name: string, line: string): void {
    this.write(name, [...this.linesOf(name), line]);
  }

  remove(name: string): void {
    this.#files.delete(name);
    this.#hint();
  }

  linesOf(name: string): readonly string[] {
    return this.#files.get(name)?.lines ?? [];
  }

  state(): string {
    return JSON.stringify(Object.fromEntries(names.map((name) => [name, this.linesOf(name)])));
  }

  /** Reads line by line, so slowly that a writer comes in between. A missing file reads as nothing, like an optional layer. */
  sources(): Sources {
    return {
      read: async () => {
        this.reading += 1;
        this.mostReading = Math.max(this.mostReading, this.reading);
        const value: Record<string, string[]> = {};
        for (const name of names) value[name] = await this.#readSlowly(name);
        this.reading -= 1;
        const looked = names.map((fsPath) => ({ kind: 'file' as const, fsPath }));
        const invalid = Object.values(value).some((lines) => lines.includes('invalid'));
        if (invalid) return { result: { error: new ConfigError('E_INVALID', 'not valid') }, looked };
        const options = { stack: 'app', command: '', sources: [], isSecret: () => false };
        return { result: { config: createConfig(mergeLayers([{ name: 'world', value }]), options) }, looked };
      },
      look: async () => ({
        byName: new Map(names.map((name) => [name, this.#mark(name)])),
        locked: this.locked,
      }),
    };
  }

  hints(): OpenHints {
    return ({ onHint }): Hints => {
      this.#onHint = onHint;
      return {
        aim: async () => false,
        close: async () => {
          this.#onHint = undefined;
        },
      };
    };
  }

  async #readSlowly(name: string): Promise<string[]> {
    const lines: string[] = [];
    for (let at = 0; at < this.linesOf(name).length; at += 1) {
      lines.push(this.linesOf(name)[at] ?? '');
      if (at % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return lines;
  }

  #mark(name: string): Mark {
    const file = this.#files.get(name);
    if (file === undefined) return { identity: 'absent', size: -1, changedMs: 0 };
    const { inode, lines, mtimeMs } = file;
    return { identity: [inode, lines.length, mtimeMs].join(), size: lines.length, changedMs: Date.now() };
  }

  #stamped(lines: readonly string[], inode: number): File {
    return { inode, lines, mtimeMs: Math.floor(performance.now() / tickMs) * tickMs };
  }

  #hint(): void {
    const tell = (): void => this.#onHint?.();
    const fate = this.#fates[this.#told++ % this.#fates.length] ?? 'told';
    if (fate === 'told' || fate === 'doubled') tell();
    if (fate === 'doubled') tell();
    if (fate === 'delayed') setTimeout(tell, 700);
  }
}
