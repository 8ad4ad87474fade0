/** Which variables of an environment a reading depends on. Those of `process.env` are slow to read, so only these are compared. */
import type { Environment } from './types.js';

export interface ReadVariables {
  readonly values: ReadonlyMap<string, string | undefined>;
  /** All names there were; undefined when nobody asked for them. */
  readonly names: readonly string[] | undefined;
}

/** The same environment, which writes down what is read of it. */
export function recordVariables(env: Environment): {
  readonly env: Environment;
  readonly read: () => ReadVariables;
} {
  const values = new Map<string, string | undefined>();
  let names: string[] | undefined;
  const valueOf = (name: string | symbol): string | undefined => {
    if (typeof name !== 'string') return undefined;
    const value = env[name];
    if (!values.has(name)) values.set(name, value);
    return value;
  };
  // Not in front of `env` itself, every key of which would be looked at whenever the names are asked for.
  const recording = new Proxy<Environment>(
    {},
    {
      get: (_, name) => valueOf(name),
      has: (_, name) => valueOf(name) !== undefined,
      ownKeys: () => (names ??= Object.getOwnPropertyNames(env)),
      getOwnPropertyDescriptor: (_, name) => {
        const value = valueOf(name);
        return value === undefined ? undefined : { value, enumerable: true, configurable: true };
      },
    },
  );
  return { env: recording, read: () => ({ values: new Map(values), names }) };
}

/** Whether the environment still says all that was read of it. */
export function isAsRead({ values, names }: ReadVariables, env: Environment): boolean {
  for (const [name, value] of values) if (env[name] !== value) return false;
  if (names === undefined) return true;
  const now = Object.getOwnPropertyNames(env);
  return now.length === names.length && names.every((name, index) => now[index] === name);
}
