import { isConfigError } from '../errors.js';
import { mergeText, type Choices, type ContentMergeOutcome } from '../merge/index.js';
import { parseSettings, type Settings } from '../settings/index.js';
import { mergeBases, readCommit, resolveCommit, type Oid, type RepoPath } from '../store/index.js';
import { checkFiles } from './check.js';
import type { RepositoryContext } from './context.js';
import { decideOpen } from './decide-open.js';
import { readHead } from './head.js';
import { mergeFile } from './merge-file.js';
import { errorsOf } from './problems.js';
import { readSettings } from './settings.js';
import { encodeText, textOf } from './text.js';
import type { FileMergeAnswer, FileMergeInput } from './types.js';
import { keyConflict } from './unmerged.js';

/**
 * Merges three versions of one file by the settings of the worktree (by the defaults where those cannot be read): what a merge driver does.
 * Conflicts of a text always stand between markers in the answer. A strategy that needs a
 * caller (`custom`) leaves its conflicts open, and one that needs history (`newest`) without a `source` too.
 */
export async function mergeVersions(
  context: RepositoryContext,
  input: FileMergeInput,
): Promise<FileMergeAnswer> {
  const settings = await readableSettings(context);
  const merged = await mergeDecided(context, settings, input);
  const broken =
    merged.conflicts.length === 0 && merged.method !== 'identical'
      ? await breaksSchema(context, settings, { ...input, merged: merged.data })
      : false;
  const { data, conflicts, method, notes } = broken ? invalid(input, merged) : merged;
  return {
    path: input.path,
    method,
    conflicts: conflicts.map(keyConflict),
    ...(notes.length > 0 && { notes }),
    data: conflicts.length === 0 ? data : marked(input, data),
  };
}

const noChoices: Choices = new Map();

/** Merges, and again with what the history of the repository decides. */
async function mergeDecided(
  context: RepositoryContext,
  settings: Settings,
  input: FileMergeInput,
): Promise<ContentMergeOutcome> {
  const labels = { base: 'base', ours: 'ours', theirs: 'theirs', ...input.labels };
  const rules = { settings, labels, markerSize: input.markerSize };
  const merged = mergeFile(input, rules, noChoices);
  const tips = merged.conflicts.length === 0 ? undefined : await tipsOf(context, input.source);
  if (tips === undefined) return merged;
  const decided = await decideOpen(context, { conflicts: merged.conflicts.map(keyConflict), rules, tips });
  const choices = decided.get(input.path);
  return choices === undefined ? merged : mergeFile(input, rules, choices);
}

async function tipsOf(
  context: RepositoryContext,
  source: FileMergeInput['source'],
): Promise<{ readonly ours: Oid; readonly theirs: Oid; readonly bases: readonly Oid[] } | undefined> {
  const { commit: ours } = await readHead(context.store);
  if (source === undefined || ours === null) return undefined;
  const theirs = await resolveCommit(context.store, source.commit);
  const { parents } = await readCommit(context.store, theirs);
  return { ours, theirs, bases: source.alone ? parents : await mergeBases(context.store, ours, theirs) };
}

async function readableSettings(context: RepositoryContext): Promise<Settings> {
  try {
    return await readSettings(context);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return parseSettings(undefined);
    throw error;
  }
}

/** Whether the result breaks a rule that both sides satisfy. */
async function breaksSchema(
  context: RepositoryContext,
  settings: Settings,
  { path, ours, theirs, merged }: FileMergeInput & { readonly merged: Uint8Array },
): Promise<boolean> {
  const isBroken = async (data: Uint8Array): Promise<boolean> => {
    const file = { path, mode: '100644', data } as const;
    return errorsOf(await checkFiles(context, [file], settings)).length > 0;
  };
  return (await isBroken(merged)) && !(await isBroken(ours)) && !(await isBroken(theirs));
}

function invalid({ path }: { readonly path: RepoPath }, merged: ContentMergeOutcome): ContentMergeOutcome {
  return { ...merged, conflicts: [{ file: path, path: '', kind: 'invalid-after-merge' }] };
}

/** The merged text, or, where its conflict is none of single lines, both sides between markers around all that differs. */
function marked(input: FileMergeInput, data: Uint8Array): Uint8Array {
  const { markerSize = 7, labels } = input;
  const [text, ours, theirs] = [textOf(data), textOf(input.ours), textOf(input.theirs)];
  if (text === undefined || ours === undefined || theirs === undefined) return data;
  const marker = new RegExp(`^<{${markerSize}}(?: |\\r?$)`, 'm');
  return marker.test(text)
    ? data
    : encodeText(mergeText({ base: '', ours, theirs, labels, markerSize }).text);
}
