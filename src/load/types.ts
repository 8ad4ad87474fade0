/** The vocabulary of loading. No code here, only shapes. */
import type { ConfigObject, ConfigValue, KeyPath } from '../doc/index.js';
import type { Origin } from '../layer/index.js';
import type { SourceHealth } from './source/types.js';

export type Awaitable<T> = T | Promise<T>;

/** Where the files of a stack are read from: a folder, a revision, staged content. */
export interface ConfigFiles {
  /** The text of the file at a repository path; undefined when there is none. Throws E_BAD_PATH, E_SOURCE, E_LIMIT. */
  readonly read: (path: string) => Awaitable<string | undefined>;
  /** The same at a revision, for `git:REV:PATH` layers. Absent where there is no repository. */
  readonly readAt?: (revision: string, path: string) => Awaitable<string | undefined>;
  /**
   * What is below a folder, directly in it or (`deep`) at any depth, as sorted repository paths; nothing when there is no such
   * folder. Names that begin with a dot are left out. Throws E_BAD_PATH, E_SOURCE, E_LIMIT.
   */
  readonly list: (folder: string, deep: boolean) => Awaitable<Listing>;
}

export interface Listing {
  readonly files: readonly string[];
  /** The folders that were looked into, the first one included; `''` is the root. */
  readonly folders: readonly string[];
}

/** The environment that `env:PREFIX_` layers read. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface StackOptions {
  /** The stack; default the only one, or the one called `default` or `app`. */
  readonly stack?: string;
  /** Values for the `${name}` of layer names; the command line's `-e ENV` is the variable `env`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What `env:PREFIX_` layers read. Default: nothing. */
  readonly env?: Environment;
  /** A last layer over all others. */
  readonly overrides?: ConfigObject;
}

export interface LoadOptions extends StackOptions {
  /** The folder with `cfg.yaml`. Default the current one. */
  readonly dir?: string;
  /** What `env:PREFIX_` layers read. Default `process.env`. */
  readonly env?: Environment;
  /** Read settings and files from the objects of this revision instead of the folder. */
  readonly rev?: string;
}

/** What a layer that did not win says at a key path. */
export interface OverriddenValue extends Origin {
  readonly value: ConfigValue;
}

/** Why a key has its value. */
export interface Explanation {
  /** The key path in text form. */
  readonly path: string;
  readonly value: ConfigValue;
  readonly from: Origin;
  /** Highest priority first. */
  readonly overridden: readonly OverriddenValue[];
}

/** A problem of loaded configuration, at the place that supplied the value. */
export interface Problem {
  /** A repository path, or the name of the layer where it is no file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The key path in text form; '' for the whole. */
  readonly path: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Loaded configuration. */
export interface Config {
  /** The merged value, deeply frozen. */
  readonly value: ConfigValue;
  /** The name of the stack. */
  readonly stack: string;
  /** How each source did, lowest priority first: what was left out, and why. */
  readonly sources: readonly SourceHealth[];
  /**
   * The value at a key path (`db.pool.max`, `/db/pool/max`, or a list of segments); `V` is the caller's claim, the schema of the
   * stack is what makes it true. Without a fallback throws E_KEY_NOT_FOUND; a `null` is a value and is returned.
   */
  readonly get: <V = ConfigValue>(path: string | KeyPath, fallback?: V) => V;
  /** Whether there is a value, `null` included. Throws E_BAD_PATH. */
  readonly has: (path: string | KeyPath) => boolean;
  /** Where the value at a key path comes from, and what it overrides. Throws E_KEY_NOT_FOUND, E_BAD_PATH. */
  readonly explain: (path: string | KeyPath) => Explanation;
}
