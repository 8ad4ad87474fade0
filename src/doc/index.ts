/** Lossless documents: parse, locate, edit and print YAML, JSON and INI. Text only; no files, no Git. */
export type {
  Address,
  ConfigObject,
  ConfigScalar,
  ConfigValue,
  Diagnostic,
  Format,
  KeyPath,
  KeySegment,
  Position,
  Severity,
  SourceRange,
} from './types.js';
export { unsetText } from './types.js';
export type {
  DocumentNode,
  DocumentTree,
  Entry,
  ListNode,
  MapEntry,
  MapNode,
  Node,
  ScalarNode,
} from './tree.js';
export { printEntry, printNode, printTree, semanticKey } from './tree.js';
export type { ConfigDocument, Limits, ParseOptions } from './document.js';
export { aliasTargets } from './aliases.js';
export { hasPieces, maxDocumentBytes, parseDocument } from './document.js';
export { conflictMarkers } from './conflict-markers.js';
export { reparseDocument } from './reparse.js';
export type { Leaf } from './locate.js';
export { leaves, locate, locateScalar, sharedLeaves } from './locate.js';
export { getValue, hasPath, valueOf } from './read.js';
export { appendValue, setValue, unsetValue } from './edit.js';
export { parseInputValue, stringifyValue } from './stringify.js';
export { equalValues, isList, isMap } from './equal.js';
export { childValue, entryPath, keyOf, lookup } from './lookup.js';
export { formatKeyPath, parseKeyPath } from './key-path.js';
export { addressOf, formatAddress, parseAddress } from './address.js';
export { formatOf } from './format.js';
export { fittingHint, givenValue, placeIn } from './given.js';
export { rangeAt } from './position.js';
export { matchKeyPath, matchPath, matchRule } from './glob.js';
