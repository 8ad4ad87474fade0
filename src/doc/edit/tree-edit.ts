/** Edits of YAML and JSON. */
import { ConfigError } from '../../errors.js';
import { editedDocument, untakenValue, type ConfigDocument } from '../document.js';
import { equalValues } from '../equal.js';
import { formatKeyPath } from '../key-path.js';
import { matchingItems } from '../place.js';
import { rawFields, rawOf, rawValue, rawWith, withProperties } from '../raw.js';
import { notFound } from '../read.js';
import type { Node } from '../tree.js';
import type { ConfigValue, KeyPath, KeySegment } from '../types.js';
import { objectOf } from '../value.js';
import { yamlDocument } from '../write/yaml.js';
import { insertInto } from './insert.js';
import { partialChanges } from './partial.js';
import { replaceScalar } from './one-scalar.js';
import { removeEntry } from './remove.js';
import { applySplices, type Splice } from './splice.js';
import { isEmptyNode, targetOf, type Target } from './target.js';
import { likeNode, replaceNode, type Candidate } from './write.js';
import type { Editable, SetOptions } from './editable.js';
import type { Addition } from './flow-edit.js';

/** The text of a document with a value set. */
export function setInTree(
  edit: Editable,
  path: KeyPath,
  value: ConfigValue,
  options: SetOptions,
): ConfigDocument {
  const target = targetOf(edit.tree, edit.doc.text, path);
  if (!target) return addDocument(edit, path, value);
  refuseAmbiguous(target, path);
  return target.rest.length === 0
    ? replace(edit, target, { path, value, options })
    : insert(edit, target, { path, value });
}

/** The text of a document with an item added to a list. */
export function appendInTree(edit: Editable, path: KeyPath, value: ConfigValue): ConfigDocument {
  const target = targetOf(edit.tree, edit.doc.text, path);
  if (!target) throw notFound(edit.doc, path);
  refuseAmbiguous(target, path);
  if (target.rest.length > 0) return insert(edit, target, { path, value: [value] });
  const { node } = target;
  if (node.kind !== 'list' && !isNothing(node)) throw notA('list', target, path);
  return add(edit, target, { value });
}

/** The text of a document with a key taken out. */
export function unsetInTree(edit: Editable, path: KeyPath): ConfigDocument {
  const target = targetOf(edit.tree, edit.doc.text, path);
  if (!target) throw notFound(edit.doc, path);
  refuseAmbiguous(target, path);
  if (target.rest.length > 0) {
    refuseAlias(target, path);
    throw notFound(edit.doc, path);
  }
  if (!target.last && edit.tree.documents.length === 1) {
    throw new ConfigError('E_BAD_PATH', 'cannot unset a whole document', { hint: 'name a key' });
  }
  const expected = edit.tree.documents.flatMap(({ value }, index) => {
    if (index !== target.documentIndex) return [rawValue(value)];
    return target.last ? [rawWith(value, target.steps, () => undefined)] : [];
  });
  const attempts = removeEntry(target).map((splice) => ({ splices: [splice], expected }));
  return checked(edit, attempts, path);
}

interface Change {
  readonly path: KeyPath;
  readonly value: ConfigValue;
}

function replace(
  edit: Editable,
  target: Target,
  { path, value, options }: Change & { readonly options: SetOptions },
): ConfigDocument {
  if (equalValues(rawValue(target.node), rawOf(value))) return edit.doc;
  const like = firstGood(edit, likeAttempts(target, { path, value, options }));
  if (like) return like;
  const line = replaceScalar(edit, target, { value, options });
  if (line) return line;
  const steps = partialChanges(edit, target, value);
  if (!steps) return replaceWhole(edit, target, { path, value, options });
  return steps.reduce((doc, step) => {
    const next = { doc, tree: doc.tree ?? edit.tree };
    return step.value === undefined
      ? unsetInTree(next, step.path)
      : setInTree(next, step.path, step.value, options);
  }, edit.doc);
}

function replaceWhole(
  edit: Editable,
  target: Target,
  { path, value, options }: Change & { readonly options: SetOptions },
): ConfigDocument {
  const written = rawOf(value);
  const attempts = replaceNode(target, value, options).map((candidate) => ({
    splices: candidate.splices,
    expected: rawDocuments(target, (old) => withProperties(keptProperties(old, candidate), written)),
  }));
  return checked(edit, attempts, path);
}

function keptProperties({ anchor, tag }: Node, { withoutTag }: Candidate): Pick<Node, 'anchor' | 'tag'> {
  return {
    ...(anchor === undefined ? {} : { anchor }),
    ...(tag === undefined || withoutTag ? {} : { tag }),
  };
}

/** The value as it is written in another document, when it is the same there. */
function likeAttempts(
  target: Target,
  { path, value, options: { like } }: Change & { readonly options: SetOptions },
): Attempt[] {
  const other =
    like?.tree && like.format === target.tree.format ? targetOf(like.tree, like.text, path) : undefined;
  if (!other || other.rest.length > 0 || other.column !== target.column) return [];
  const written = rawValue(other.node);
  const properties = { anchor: other.node.anchor, tag: other.node.tag };
  const bare = properties.anchor === undefined && properties.tag === undefined ? written : undefined;
  const same = bare === undefined ? isSameWithProperties(other.node, value) : equalValues(bare, rawOf(value));
  return same ? [{ splices: [likeNode(target, other)], expected: rawDocuments(target, () => written) }] : [];
}

function isSameWithProperties(node: Node, value: ConfigValue): boolean {
  const { anchor: _, tag: __, ...bare } = node;
  return equalValues(rawValue(bare), rawOf(value));
}

function insert(edit: Editable, target: Target, { path, value }: Change): ConfigDocument {
  refuseAlias(target, path);
  const [first, ...rest] = target.rest;
  const { node } = target;
  if (first === undefined) throw notFound(edit.doc, path);
  const nested = nest(rest, value, path);
  if (node.kind === 'list') {
    const index = typeof first === 'object' ? -1 : Number(first);
    if (index === node.entries.length) return add(edit, target, { value: nested });
    const message = `no item '${formatKeyPath([first])}' in the list, which has ${node.entries.length}`;
    throw new ConfigError('E_KEY_NOT_FOUND', message, {
      hint: `append one at [${node.entries.length}]`,
      details: { path: formatKeyPath(path) },
    });
  }
  if (node.kind === 'scalar' && !isNothing(node)) throw notA('map', target, path);
  if (typeof first === 'string') return add(edit, target, { name: first, value: nested });
  if (first === 0 && isNothing(node)) return add(edit, target, { value: nested });
  throw notA('list', target, path);
}

/** The value of the missing parents: `a.b` of 1 is `{a: {b: 1}}`. */
function nest(rest: KeyPath, value: ConfigValue, path: KeyPath): ConfigValue {
  return rest.reduceRight<ConfigValue>((inner, segment: KeySegment) => {
    if (segment === 0) return [inner];
    if (typeof segment === 'string') return objectOf([[segment, inner]]);
    const message = `cannot make the missing list of '${formatKeyPath(path)}'`;
    throw new ConfigError('E_KEY_NOT_FOUND', message, { hint: 'a new list begins at [0]' });
  }, value);
}

function add(edit: Editable, target: Target, addition: Addition): ConfigDocument {
  const path = [...target.steps.map(({ entry, index }) => entry.key?.name ?? index), addition.name ?? 0];
  const written = rawOf(addition.value);
  const attempts = insertInto(target, addition).map((candidate) => ({
    splices: candidate.splices,
    expected: rawDocuments(target, (old) =>
      withProperties(keptProperties(old, candidate), grown(old, addition.name, written)),
    ),
  }));
  return checked(edit, attempts, path);
}

function grown(old: Node, name: string | undefined, written: ConfigValue): ConfigValue {
  if (name !== undefined) return objectOf([...rawFields(old), [`=${name}`, written]]);
  return [...(old.kind === 'list' ? old.entries.map(({ value }) => rawValue(value)) : []), written];
}

function rawDocuments(target: Target, replaceBy: (old: Node) => ConfigValue): ConfigValue[] {
  return target.tree.documents.map(({ value }, index) => {
    if (index !== target.documentIndex) return rawValue(value);
    return target.steps.length === 0 ? replaceBy(value) : rawWith(value, target.steps, replaceBy);
  });
}

function addDocument(edit: Editable, path: KeyPath, value: ConfigValue): ConfigDocument {
  const { tree, doc } = edit;
  if (path[0] !== tree.documents.length || tree.format !== 'yaml') throw notFound(doc, path);
  const { eol } = tree;
  const document = nest(path.slice(1), value, path);
  const written = yamlDocument(document).replaceAll('\n', eol);
  const start = doc.text.length;
  const text = `${doc.text.endsWith('\n') ? '' : eol}---${eol}${written}`;
  const expected = [...tree.documents.map((other) => rawValue(other.value)), rawOf(document)];
  return checked(edit, [{ splices: [{ start, end: start, text }], expected }], path);
}

/** A text that may be the result, and what must then be in it. */
interface Attempt {
  readonly splices: readonly Splice[];
  /** The raw value of each document. */
  readonly expected: readonly ConfigValue[];
}

/**
 * The first attempt whose text reads as expected. Nothing else is ever returned: an edit that would damage a file is a bug, and an error.
 */
function checked(edit: Editable, attempts: readonly Attempt[], path: KeyPath): ConfigDocument {
  const result = firstGood(edit, attempts);
  if (result) return result;
  const [attempt] = attempts;
  const problem =
    attempt && attempted(edit, attempt).diagnostics.find(({ severity }) => severity === 'error');
  if (problem?.rule === 'unresolved-alias' && edit.doc.valid) {
    const message = `cannot change '${formatKeyPath(path)}': it has an anchor that is used elsewhere`;
    const hint = `replace the alias in line ${problem.range.start.line} first`;
    throw new ConfigError('E_INVALID', message, { hint });
  }
  const message = `cannot change '${formatKeyPath(path)}' without damage to the ${edit.tree.format} file`;
  throw new ConfigError('E_INTERNAL', message, { hint: 'edit the file by hand, and please report this' });
}

function firstGood(edit: Editable, attempts: readonly Attempt[]): ConfigDocument | undefined {
  for (const attempt of attempts) {
    const result = attempted(edit, attempt);
    const actual = rawDocumentsOf(result);
    if (actual && equalValues(actual, attempt.expected) && errorCount(result) <= errorCount(edit.doc))
      return result;
  }
  return undefined;
}

/** The raw value of each document; of plain YAML, which has neither aliases nor tags, it follows from the value. */
function rawDocumentsOf(doc: ConfigDocument): ConfigValue[] | undefined {
  const plain = untakenValue(doc);
  return plain === undefined ? doc.tree?.documents.map(({ value }) => rawValue(value)) : [rawOf(plain)];
}

function attempted({ doc }: Editable, { splices }: Attempt): ConfigDocument {
  return editedDocument(doc, applySplices(doc.text, splices));
}

function errorCount({ diagnostics }: ConfigDocument): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function isNothing(node: Node): boolean {
  return isEmptyNode(node) && node.kind === 'scalar';
}

function notA(kind: 'map' | 'list', { steps, node }: Target, path: KeyPath): ConfigError {
  const parent = formatKeyPath(steps.map(({ entry, index }) => entry.key?.name ?? index));
  const is = node.kind === 'scalar' ? 'a single value' : `a ${node.kind}`;
  return new ConfigError(
    'E_BAD_PATH',
    `cannot set '${formatKeyPath(path)}': '${parent}' is ${is}, not a ${kind}`,
    {
      hint: `set '${parent}' as a whole, or unset it first`,
    },
  );
}

function refuseAlias({ node, steps }: Target, path: KeyPath): void {
  if (node.kind !== 'scalar' || node.style !== 'alias') return;
  const parent = formatKeyPath(steps.map(({ entry, index }) => entry.key?.name ?? index));
  throw new ConfigError(
    'E_BAD_PATH',
    `cannot change '${formatKeyPath(path)}': '${parent}' is the alias '${node.text}'`,
    {
      hint: `change what is at the anchor '&${node.text.slice(1)}', or set '${parent}' as a whole`,
    },
  );
}

function refuseAmbiguous({ steps, rest }: Target, path: KeyPath): void {
  const keys = path.slice(path.length - rest.length - steps.length);
  steps.forEach(({ parent }, index) => {
    const segment = keys[index];
    if (typeof segment !== 'object' || matchingItems(parent.entries, segment).length <= 1) return;
    throw new ConfigError('E_BAD_PATH', `'${formatKeyPath([segment])}' means several items`, {
      hint: 'name one by its index',
    });
  });
}
