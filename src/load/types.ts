/** The vocabulary of loading. No code here, only shapes. */
import type { ConfigObject, ConfigValue, Format, KeyPath } from '../doc/index.js';
import type { Origin } from '../layer/index.js';
import type { SchemaCode } from '../schema/index.js';
import type { LayerStrategy } from '../settings/index.js';
import type { AnySchema } from './conform.js';
import type { ConfigSource, SourceHealth } from './source/types.js';

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
  /** Where the code that schemas were compiled to is kept. Absent: nowhere. */
  readonly code?: SchemaCode | undefined;
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

/** An entry of `layers` as `cfg.yaml` has it: one of the first keys, and how to read it. Durations are as `500ms`, `5s`, `2m`, `1h`. */
export type LayerObject = {
  readonly file?: string;
  readonly folder?: string;
  readonly glob?: string;
  /** A prefix of environment variables. */
  readonly env?: string;
  /** `REV:PATH`. */
  readonly git?: string;
  readonly http?: string;
  /** A connection URL of Postgres. */
  readonly sql?: string;
  readonly value?: ConfigObject;
  /** The first that is there and can be read counts. */
  readonly failover?: readonly (string | LayerObject)[];
  /** Default false. */
  readonly optional?: boolean;
  /** Default 0. */
  readonly priority?: number;
  readonly strategy?: LayerStrategy;
  readonly timeout?: string;
  readonly retries?: number;
  /** Of `env`: which `NAME_FILE` name a file with the value of `NAME`. */
  readonly files?: boolean;
  /** Of `http`. */
  readonly format?: Format;
  /** Of `http`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of `http`: whether the last good answer is kept on disk. Default true. */
  readonly cache?: boolean;
  /** Of `http` and `sql`: how often a watcher asks again. Default `30s`. */
  readonly every?: string;
  /** Of `sql`: gives rows with the columns `key` and `value`. */
  readonly query?: string;
  /** Of `sql`. */
  readonly parameters?: readonly string[];
  /** Of `value`: what origins call it. */
  readonly name?: string;
};

/** How a stack is put together, where it is not `cfg.yaml` that says so. */
export interface StackShape {
  /** Instead of those of `cfg.yaml`, which then is not needed. Lowest priority first; a text is the short form of `cfg.yaml`. */
  readonly layers?: readonly (string | LayerObject | ConfigSource)[];
  /** Instead of that of the stack: the path of a JSON Schema, one as a value, or a validator such as one of zod, valibot or arktype. */
  readonly schema?: AnySchema;
  /** Whether `${…}` in values is filled in. Default: as the stack says; false without a stack. */
  readonly interpolate?: boolean;
}

/** What to load, from where, and what may change it. */
export interface LoadOptions extends StackOptions, StackShape {
  /** The folder with `cfg.yaml`, or with `default.*`. Default the current one. */
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

/** Loaded configuration. `T` is the caller's claim, or what the validator given as `schema` makes of it. */
export interface Config<T = ConfigValue> {
  /** The merged value, deeply frozen. Secrets are in it: `mask` before it is shown. */
  readonly value: T;
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
  /**
   * A value as it may be shown or logged: `***` for texts and numbers under keys that look secret (`password`, `apiKey`, `token` …), that
   * the schema marks `writeOnly`, or that a reference or a YAML alias takes from there, and for passwords in URLs. Throws E_BAD_PATH.
   *
   * @param value default: everything
   * @param path where the value stands; default: the root
   */
  readonly mask: (value?: ConfigValue, path?: string | KeyPath) => ConfigValue;
}
