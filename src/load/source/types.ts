/** The vocabulary of sources: what configuration is read from, and what a reader may rely on. No code here, only shapes. */
import type { ConfigObject, Format } from '../../doc/index.js';
import type { FileText } from '../../layer/index.js';
import type { LayerStrategy } from '../../settings/index.js';
import type { Awaitable, Environment } from '../types.js';

/**
 * Something that a reading depends on, for whoever wants to know when to read again. It is reported before it is looked at, so it
 * is there when the reading fails, and also for what does not exist yet.
 *
 * - `file`: the content at an absolute path counts, and so does whether anything is there. It may be a symbolic link, or below one.
 * - `folder`: which entries there are directly in this folder counts (it may not exist yet).
 * - `revision`: what the name (branch, tag, range) means in the repository around `dir` counts.
 * - `remote`: nothing tells about changes; asking again after `everyMs` milliseconds does.
 */
export type LookedAt =
  | { readonly kind: 'file'; readonly fsPath: string }
  | { readonly kind: 'folder'; readonly fsPath: string }
  | { readonly kind: 'revision'; readonly dir: string; readonly revision: string }
  | { readonly kind: 'remote'; readonly source: string; readonly everyMs: number };

/** What a source is read with. */
export interface SourceContext {
  /** Aborted when the source took longer than its timeout. */
  readonly signal: AbortSignal;
  readonly env: Environment;
  /** Tells what the answer depends on; to be called before looking there. */
  readonly look: (place: LookedAt) => void;
}

/** One document of a source: text that cfg parses (so that every key knows its line), or a value. Each becomes a layer. */
export type SourceDocument =
  | {
      /** What origins and errors call it. */
      readonly name: string;
      readonly text: string;
      /** Default: what the ending of `file` (or of the name) says. */
      readonly format?: Format;
      /** The repository path (or `REV:PATH`) that origins and errors name. Default: none. */
      readonly file?: string;
      /** Where it was fetched from, without credentials. */
      readonly url?: string;
    }
  | {
      readonly name: string;
      readonly value: ConfigObject;
      /** The source knows only text, so its values take the type of what they override. Default false. */
      readonly textOnly?: boolean;
    }
  | {
      readonly name: string;
      /** Only variables that begin with it count; the rest of their name is the key path. */
      readonly prefix: string;
      readonly variables: Environment;
      /** What stands in the files that variables called `NAME_FILE` name, by variable. Default: they are not looked at. */
      readonly files?: ReadonlyMap<string, FileText>;
    };

/** What a source says. */
export interface SourceContent {
  /** Lowest priority first. */
  readonly documents: readonly SourceDocument[];
  /**
   * Equal for equal content: an ETag, an object id, a hash. Parsed documents are kept by it. Default: the content itself is compared.
   */
  readonly identity?: string;
  /** Set when this is a copy from before, since the source does not answer now. */
  readonly stale?: { readonly ageMs: number; readonly reason: string };
  /** Set when other sources that should have answered did not: which, and why. */
  readonly instead?: string;
}

/**
 * A place that configuration is read from. Any object with this shape is a source: put it among the `layers` of `loadConfig`.
 *
 * `read` answers whole or not at all: undefined when there is nothing (an optional source is then left out), and it throws when it
 * cannot tell. It is called once for each reading, may be called while an earlier call still runs, and must not keep `context`.
 */
export interface ConfigSource {
  /** What origins, warnings and errors call it. No secrets: it is printed. */
  readonly name: string;
  /** What kind of source it is, as `file`, `http`. Default `custom`. */
  readonly kind?: string;
  /** Layers of a higher priority lie over those of a lower; among equals the later in the list wins. Default 0. */
  readonly priority?: number;
  /** Whether a reading does without it when it is not there or fails; failing is then a warning. Default false. */
  readonly optional?: boolean;
  /** How it goes over the layers below. Default: as the stack says. */
  readonly strategy?: LayerStrategy;
  /** Milliseconds that one attempt may take. Default: no limit. */
  readonly timeoutMs?: number;
  /** How often a failed attempt is repeated, after 100, 200, 400 … ms (at most 5 s). Default 0. */
  readonly retries?: number;
  readonly read: (context: SourceContext) => Awaitable<SourceContent | undefined>;
  /** What to use when every attempt failed for the reason given, as a copy from before; undefined when there is none. */
  readonly fallback?: (reason: string, context: SourceContext) => Awaitable<SourceContent | undefined>;
}

/** How a source did in one reading. */
export interface SourceHealth {
  readonly name: string;
  readonly kind: string;
  /** `stale`: it did not answer, a copy from before did. `missing` and `failed` ones are left out, since they are optional. */
  readonly status: 'ok' | 'stale' | 'missing' | 'failed';
  /** Why it is `stale` or `failed`; of one that is `ok`, what should have answered before it and did not. */
  readonly reason?: string;
  /** How old the copy is, in milliseconds; of `stale` ones only. */
  readonly ageMs?: number;
  /** How often it was asked. */
  readonly attempts: number;
}
