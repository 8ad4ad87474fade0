import { ConfigError } from '../errors.js';
import { parseDocument, stringifyValue, valueOf } from '../doc/index.js';
import type { Choices, ConflictChoice, ConflictKind, MergeLabels, MergeSide } from '../merge/index.js';
import type { ConflictStrategy } from '../settings/index.js';
import type { Oid, RepoPath } from '../store/index.js';
import type { RepositoryContext } from './context.js';

/**
 * What cfg remembers of a merge that stopped, besides Git's own state: what was decided, and what the merge touched. The originals
 * are in the index (stages 1 to 3), so that every answer is made from them and from the decisions, never from half-merged text.
 */
export interface MergeRecord {
  /** The commit being merged (picked, reverted) that this belongs to. */
  readonly head: Oid;
  /** False while files are being written: an interrupted merge can only be aborted. */
  readonly complete: boolean;
  /** Absent in the record of a merge that git began. */
  readonly labels?: MergeLabels;
  readonly strategy: ConflictStrategy;
  /** Every path that the merge wrote or removed, sorted; absent in the record of a merge that git began. */
  readonly files?: readonly RepoPath[];
  /** What the merge writes: the id of the content by path, null for "nothing". */
  readonly wrote?: readonly (readonly [RepoPath, Oid | null])[];
  /** The process that writes the files. */
  readonly writer?: string;
  /** The commit that is made of it, written down before the branch moves there. */
  readonly result?: Oid;
  /** Conflicts of whole files. */
  readonly whole: ReadonlyMap<RepoPath, WholeFile>;
  readonly choices: ReadonlyMap<RepoPath, Choices>;
}

/** What the index does not tell of a conflict of whole files. */
export interface WholeFile {
  readonly kind: ConflictKind;
  /** The id of what cfg wrote there; null: nothing. */
  readonly wrote: Oid | null;
}

/** The record as JSON: maps as pairs, and values as text so that no digit of a big integer is lost. */
interface StoredRecord extends Omit<MergeRecord, 'whole' | 'choices'> {
  readonly version: 1;
  readonly whole: readonly (readonly [RepoPath, WholeFile])[];
  readonly choices: readonly (readonly [RepoPath, readonly (readonly [string, StoredChoice])[]])[];
}
type StoredChoice = MergeSide | 'both' | { readonly json: string };

const name = 'cfg/merge.json';

/** The record of the merge in progress; undefined when another tool began it (a record of another merge does not count). */
export async function readMergeRecord(context: RepositoryContext): Promise<MergeRecord | undefined> {
  const record = await readLastRecord(context);
  if (record === undefined) return undefined;
  return (await headInProgress(context)) === record.head || !record.complete ? record : undefined;
}

/** The record, also of a merge that is over. */
export async function readLastRecord(context: RepositoryContext): Promise<MergeRecord | undefined> {
  const text = await context.store.state.read(name);
  return text === undefined ? undefined : parseRecord(text);
}

const stateFiles = [
  'MERGE_MSG',
  'MERGE_MODE',
  'AUTO_MERGE',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  name,
];

/** Forgets the merge (pick, revert); the record, which tells what is left to do, last. */
export async function clearMergeState(context: RepositoryContext): Promise<void> {
  for (const file of stateFiles) await context.store.state.write(file, undefined);
}

/** The commit that is being merged, picked, reverted or rebased; undefined when nothing is under way. */
export async function headInProgress(context: RepositoryContext): Promise<Oid | undefined> {
  for (const file of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD']) {
    const head = await context.store.state.read(file);
    if (head !== undefined) return head.split('\n', 1)[0]?.trim();
  }
  return undefined;
}

/** For a merge that git began. */
export function newRecord(head: Oid): MergeRecord {
  return { head, complete: true, strategy: 'manual', whole: new Map(), choices: new Map() };
}

export async function writeMergeRecord(
  context: RepositoryContext,
  record: MergeRecord | undefined,
): Promise<void> {
  await context.store.state.write(name, record && formatRecord(record));
}

function formatRecord(record: MergeRecord): string {
  const stored: StoredRecord = {
    version: 1,
    ...record,
    whole: [...record.whole],
    choices: [...record.choices].map(([file, choices]) => [
      file,
      [...choices].map(([path, choice]) => [path, packed(choice)]),
    ]),
  };
  return `${JSON.stringify(stored, null, 2)}\n`;
}

function parseRecord(text: string): MergeRecord {
  try {
    const stored: unknown = JSON.parse(text);
    if (!isRecord(stored)) throw new SyntaxError('not a record of this version');
    return {
      ...stored,
      whole: new Map(stored.whole),
      choices: new Map(
        stored.choices.map(([file, choices]) => [
          file,
          new Map(choices.map(([path, choice]) => [path, unpacked(choice)])),
        ]),
      ),
    };
  } catch (error) {
    throw new ConfigError('E_CORRUPT', `the state of the merge in progress ('${name}') is damaged`, {
      hint: 'git merge --abort, then merge again',
      cause: error,
    });
  }
}

/** Only cfg writes the file, and writes it atomically: what has the outline of a record is one. */
function isRecord(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1)
    return false;
  return (
    'head' in value &&
    'whole' in value &&
    Array.isArray(value.whole) &&
    'choices' in value &&
    Array.isArray(value.choices)
  );
}

function packed(choice: ConflictChoice): StoredChoice {
  return typeof choice === 'string' ? choice : { json: stringifyValue(choice.value, 'json') };
}

function unpacked(choice: StoredChoice): ConflictChoice {
  if (typeof choice === 'string') return choice;
  return { value: valueOf(parseDocument(choice.json, { format: 'json' })) };
}
