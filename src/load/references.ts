import {
  formatKeyPath,
  getValue,
  parseAddress,
  parseDocument,
  valueOf,
  type ConfigValue,
} from '../doc/index.js';
import { ConfigError, isConfigError } from '../errors.js';
import {
  changeValue,
  referencesIn,
  resolveReferences,
  type LayeredValue,
  type Reference,
  type Referred,
  type ValueCopy,
} from '../layer/index.js';
import { invalid, problemAt } from './invalid.js';
import type { ConfigFiles, Environment } from './types.js';

interface ReferenceContext {
  readonly stack: string;
  readonly files: ConfigFiles;
  readonly env: Environment;
}

interface Filled {
  readonly layered: LayeredValue;
  /** The paths that hold a secret from outside. */
  readonly secrets: ReadonlySet<string>;
  readonly copies: readonly ValueCopy[];
}

/**
 * The value with its `${…}` filled in, each still at the place of the text that refers; and what has come from where.
 * Throws E_INVALID for references that lead nowhere or in a circle, all of them in one error, and E_LIMIT.
 */
export async function fillReferences(layered: LayeredValue, context: ReferenceContext): Promise<Filled> {
  const outside = new Map<string, Referred>();
  for (const reference of referencesIn(layered.value)) {
    const name = nameOf(reference);
    if (!outside.has(name)) outside.set(name, await referTo(reference, context));
  }
  const resolved = resolveReferences(
    layered.value,
    (reference) => outside.get(nameOf(reference)) ?? { value: undefined },
  );
  const problems = resolved.problems.map(({ path, message }) =>
    problemAt(path, layered, { rule: 'reference', message }),
  );
  if (problems.length > 0) throw invalid(`stack '${context.stack}'`, problems);
  const texts = new Set(resolved.changed.map(formatKeyPath));
  const changed = changeValue(layered, resolved.value);
  const isText = (path: Parameters<LayeredValue['isText']>[0]): boolean =>
    texts.has(formatKeyPath(path)) || changed.isText(path);
  const secrets = new Set(resolved.secrets.map(formatKeyPath));
  return { layered: { ...changed, isText }, secrets, copies: resolved.copies };
}

function nameOf({ kind, name }: Reference): string {
  return `${kind}:${name}`;
}

async function referTo({ kind, name }: Reference, { files, env }: ReferenceContext): Promise<Referred> {
  if (kind === 'env') return { value: env[name] };
  try {
    if (kind === 'git') return { value: await valueAt(name, files) };
    const text = await files.read(name);
    return { value: text?.replace(/\r?\n$/, '') };
  } catch (error) {
    if (
      !isConfigError(
        error,
        'E_BAD_PATH',
        'E_SOURCE',
        'E_INVALID',
        'E_REVISION_NOT_FOUND',
        'E_NOT_A_REPOSITORY',
        'E_LIMIT',
      )
    )
      throw error;
    return { problem: `refers to '${name}', which cannot be read: ${error.message}` };
  }
}

/** The value at `REV:FILE#KEY`, or the text of `REV:FILE`. */
async function valueAt(address: string, files: ConfigFiles): Promise<ConfigValue | undefined> {
  const { revision, file: typed, path } = parseAddress(address);
  const file = typed.replace(/^(?:\.\/+)+/, ''); // there is no current folder: from the root
  if (revision === undefined)
    throw new ConfigError('E_BAD_PATH', `'${address}' names no revision`, {
      hint: 'as in ${git:v1.2.0:base.yaml#db.host}',
    });
  if (files.readAt === undefined) throw new ConfigError('E_SOURCE', 'there is no repository');
  const text = await files.readAt(revision, file);
  if (text === undefined || path === undefined) return text?.replace(/\r?\n$/, '');
  const document = parseDocument(text, { path: file });
  if (!document.valid) throw new ConfigError('E_INVALID', `'${revision}:${file}' does not parse`);
  return path.length === 0 ? valueOf(document) : getValue(document, path);
}
