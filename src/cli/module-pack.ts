/** A file of modules, each a function that is compiled when the module is first asked for. */
import { openSync, readSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** V8's code of modules, by their place in the pack. */
export type Compiled = ReadonlyMap<number, Buffer>;

export interface PackOptions {
  /** Finds what is not in the pack. */
  readonly require: NodeJS.Require;
  /** Left by an earlier run of the same pack. What V8 does not accept is compiled again. */
  readonly compiled: Compiled;
}

/** A module as its code sees it; `url` stands for `import.meta.url`. */
interface Module {
  readonly exports: unknown;
  readonly url: string;
}

/** How many digits say how long the list of ends is, with which a pack begins. */
const sizeDigits = 8;

/** Modules run once, in the order in which they are asked for, and only those are read: a command needs a tenth of the pack. */
export class ModulePack {
  /** Whether code was compiled that an earlier run had not left. */
  compiledAnew = false;
  /** Open as long as the process runs: what is installed meanwhile is another file. */
  private readonly file: number;
  /** Where the first module begins. */
  private readonly start: number;
  /** Where each module ends, counted from there; it begins where the one before ends. */
  private readonly ends: readonly number[];
  private readonly url: string;
  private readonly modules = new Map<number, Module>();
  private readonly scripts = new Map<number, Script>();
  private readonly require: (id: number | string) => unknown;

  constructor(
    file: string,
    private readonly options: PackOptions,
  ) {
    this.url = pathToFileURL(file).href;
    this.file = openSync(file, 'r');
    this.start = sizeDigits + Number(this.bytesAt(0, sizeDigits));
    // Made by the same build.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.ends = JSON.parse(String(this.bytesAt(sizeDigits, this.start))) as readonly number[];
    const outside = lazyRequire(options.require);
    this.require = (id) => (typeof id === 'number' ? this.load(id) : outside(id));
  }

  /** The exports of the module at a place. */
  load(place: number): unknown {
    const known = this.modules.get(place);
    if (known !== undefined) return known.exports;
    const module: Module = { exports: {}, url: this.url };
    this.modules.set(place, module);
    const run: unknown = this.compile(place).runInThisContext();
    if (typeof run !== 'function') throw new TypeError(`module ${place} of the program is damaged`);
    run(module.exports, this.require, module);
    return module.exports;
  }

  /** The code of this run's modules and of those that only earlier runs asked for. */
  compiledCode(): Compiled {
    const fresh = [...this.scripts].map(([place, script]) => [place, script.createCachedData()] as const);
    return new Map([...this.options.compiled, ...fresh]);
  }

  private compile(place: number): Script {
    const { start, ends } = this;
    const bytes = this.bytesAt(start + (ends[place - 1] ?? 0), start + (ends[place] ?? 0));
    const line = bytes.indexOf('\n');
    const cachedData = this.options.compiled.get(place);
    // Plain ASCII, which Latin-1 reads fastest.
    const script = new Script(bytes.toString('latin1', line + 1), {
      filename: bytes.toString('latin1', 0, line),
      ...(cachedData && { cachedData }),
    });
    this.compiledAnew ||= cachedData === undefined || script.cachedDataRejected === true;
    this.scripts.set(place, script);
    return script;
  }

  private bytesAt(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from);
    if (readSync(this.file, bytes, 0, bytes.length, from) === bytes.length) return bytes;
    throw new TypeError('the program is damaged');
  }
}

/** Modules of Node that take milliseconds to load, which packages ask for at once and seldom use. */
const slow = /^(?:node:)?(?:child_process|crypto|https?|net|readline|timers\/promises|worker_threads|zlib)$/;

/** A `require` that loads those when something of theirs is first asked for. */
function lazyRequire(require: NodeJS.Require): (name: string) => unknown {
  return (name) => {
    if (!slow.test(name)) return require(name);
    const loaded = (): object => require(name);
    return new Proxy(
      {},
      {
        get: (_, key) => Reflect.get(loaded(), key),
        ownKeys: () => Reflect.ownKeys(loaded()),
        getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(loaded(), key),
      },
    );
  };
}
