/**
 * The merge of one file. Trivial identities, then the line merge, then the merge by key; each result is checked, and a clean
 * result of the line merge stands unless it is unsound, so that no file gets worse than with git.
 */
import {
  formatOf,
  parseDocument,
  parseKeyPath,
  setValue,
  type ConfigValue,
  type Format,
} from '../doc/index.js';
import { isConfigError } from '../errors.js';
import { anchorNotes } from './anchors.js';
import {
  mergeByKey,
  parseVersions,
  type KeyMerge,
  type KeyMergeRefusal,
  type ParsedVersions,
} from './by-key.js';
import { newProblems, repeatsItems } from './check.js';
import { losesChange, losesLines } from './loss.js';
import { hasMarkers } from './markers.js';
import { lineOnly, templateOnly } from './recognise.js';
import { Decider, type Choices, type DecisionPlan } from './strategies.js';
import { markedText, mergeText, unshaped, type TextHunk, type TextMerge } from './text.js';
import type { Conflict, ConflictKind, MergeInput, MergeNote, MergeOutcome } from './types.js';
import { changesValuesOnly } from './value-edits.js';

/**
 * Merges three versions of one file: by key where it is YAML, JSON or INI, else by line.
 *
 * Pure, and never throws for bad input: what cannot be parsed is merged by line. A key that both sides changed becomes a conflict,
 * in the answer and as markers in its text, unless a strategy decides it. Takes as long as the line merge and one parse where that
 * is clean, and a few parses more where it is not; work is bounded, beyond it the line merge stands.
 *
 * @throws ConfigError `E_USAGE` for a strategy that there is not.
 */
export function mergeDocuments(input: MergeInput): MergeOutcome {
  return mergeWith(input, { choices: new Map(), forced: new Set(), refused: new Set() });
}

/**
 * Merges the three original versions again with conflicts decided: by the key path that the record of a conflict has, or `''` for all that
 * have no choice of their own. What is left open stands between markers, as in {@link mergeDocuments}.
 */
export function resolveConflicts(input: MergeInput, choices: Choices): MergeOutcome {
  return mergeWith(input, { choices, forced: new Set(), refused: new Set() });
}

function mergeWith(input: MergeInput, plan: DecisionPlan): MergeOutcome {
  const { base, ours, theirs } = input;
  if (ours === theirs || theirs === base) return identical(ours);
  if (ours === base) return identical(theirs);
  const decider = new Decider(input, plan);
  const outcome = mergeChanged(input, decider);
  return decider.values.size === 0 ? outcome : mergeWithValues(input, plan, decider.values);
}

function identical(text: string): MergeOutcome {
  return { text, conflicts: [], method: 'identical', notes: [] };
}

/** Values that were chosen are put into ours, which is then taken at their places. */
function mergeWithValues(
  input: MergeInput,
  plan: DecisionPlan,
  values: ReadonlyMap<string, ConfigValue>,
): MergeOutcome {
  let ours = input.ours;
  const [forced, refused] = [new Set(plan.forced), new Set(plan.refused)];
  for (const [path, value] of values) {
    const edited = withValue(input.path, ours, { path, value });
    if (edited === undefined) refused.add(path);
    else forced.add(path);
    ours = edited ?? ours;
  }
  const choices = new Map([...plan.choices].filter(([path]) => !refused.has(path)));
  return mergeWith({ ...input, ours }, { choices, forced, refused });
}

/** The text with a value put at a place; undefined where the document has no such place. */
function withValue(
  file: string,
  text: string,
  { path, value }: { readonly path: string; readonly value: ConfigValue },
): string | undefined {
  try {
    return setValue(parseDocument(text, { path: file }), parseKeyPath(path), value).text;
  } catch (error) {
    if (isConfigError(error)) return undefined;
    throw error;
  }
}

function mergeChanged(input: MergeInput, decider: Decider): MergeOutcome {
  const lines = mergeText({ ...input, base: input.base ?? '' });
  const format = formatOf(input.path);
  const texts = [input.base ?? '', input.ours, input.theirs];
  const barrier = format === undefined ? undefined : lineOnly(input.path, texts);
  if (format === undefined || barrier !== undefined || texts.some(hasMarkers))
    return lineOutcome(input, decider, barrier === undefined ? [] : [{ ...barrier, path: '' }]);
  if (
    lines.conflicts.length === 0 &&
    changesValuesOnly(lines.text, { ...input, base: input.base ?? '' }, format)
  )
    return { text: lines.text, conflicts: [], method: 'line', notes: [] };
  if (isTooLarge(format, texts)) return lineOutcome(input, decider, [noteOf({ refused: 'work-limit' })]);
  const versions = parseVersions(input, format);
  const template = templateOnly([versions.base, versions.ours, versions.theirs]);
  if (template !== undefined) return lineOutcome(input, decider, [{ ...template, path: '' }]);
  const { base, ours, theirs } = versions;
  const shared = texts.some((text) => text.includes('*'))
    ? anchorNotes({ base: base.tree, ours: ours.tree, theirs: theirs.tree })
    : [];
  const outcome = mergeParsed(input, { versions, lines, decider });
  return shared.length === 0 ? outcome : { ...outcome, notes: [...outcome.notes, ...shared] };
}

function mergeParsed(
  input: MergeInput,
  {
    versions,
    lines,
    decider,
  }: { readonly versions: ParsedVersions; readonly lines: TextMerge; readonly decider: Decider },
): MergeOutcome {
  const check = lines.conflicts.length === 0 ? soundness(input, versions, lines.text) : undefined;
  if (check === 'sound') return { text: lines.text, conflicts: [], method: 'line', notes: [] };
  const keys = mergeByKey(input, versions, decider);
  if (check === 'repeats') return betterOf(lines, keys);
  if ('refused' in keys)
    return check === undefined ? lineOutcome(input, decider, [noteOf(keys)]) : unsound(input, decider, check);
  return { ...keys, method: 'structure' };
}

/** Characters of all versions that are parsed within a second or two. */
const maxCharacters: Readonly<Record<Format, number>> = {
  yaml: 1_500_000,
  json: 10_000_000,
  ini: 10_000_000,
};

function isTooLarge(format: Format, texts: readonly string[]): boolean {
  return texts.reduce((sum, text) => sum + text.length, 0) > maxCharacters[format];
}

/** Whether a clean line merge may stand, or what is wrong with it; `repeats`: it may, but holds an item of a list twice. */
function soundness(
  input: MergeInput,
  { base, ours, theirs }: ParsedVersions,
  text: string,
): 'sound' | 'repeats' | ConflictKind {
  const result = parseDocument(unshaped(text), { path: input.path, format: ours.format });
  const problems = newProblems(result, [base, ours, theirs]);
  if (problems.length > 0) return kindOf(problems);
  if (!result.tree || !base.tree || !ours.tree || !theirs.tree) return 'sound';
  const before = input.base === undefined ? undefined : base.tree;
  if (losesChange(result.tree, { base: before, ours: ours.tree, theirs: theirs.tree }))
    return 'invalid-after-merge';
  if (losesLines(text, { base: input.base ?? '', ours: input.ours, theirs: input.theirs }))
    return 'invalid-after-merge';
  return repeatsItems(result.tree, [ours.tree, theirs.tree]) ? 'repeats' : 'sound';
}

function kindOf(problems: readonly string[]): ConflictKind {
  const has = (rule: string): boolean => problems.some((problem) => problem.startsWith(rule));
  if (has('unresolved-alias') || has('rebound-alias')) return 'anchor';
  return has('duplicate-key') ? 'duplicate-key' : 'invalid-after-merge';
}

/** Both sides added one item to a list: the line merge keeps it twice, the merge by key once. */
function betterOf(lines: TextMerge, keys: KeyMerge | KeyMergeRefusal): MergeOutcome {
  if ('refused' in keys || keys.conflicts.length > 0)
    return { text: lines.text, conflicts: [], method: 'line', notes: [] };
  return { ...keys, method: 'structure' };
}

/** Git would take this result, but it does not parse, has a key twice, or lost or doubled a change. */
function unsound(input: MergeInput, decider: Decider, kind: ConflictKind): MergeOutcome {
  const conflict: Conflict = {
    file: input.path,
    path: '',
    kind,
    ...(input.base === undefined ? {} : { base: input.base }),
    ours: input.ours,
    theirs: input.theirs,
  };
  const decision = decider.decide(conflict);
  if (decision === undefined || decision === 'union') {
    const text = markedText({ ...input, base: input.base ?? '' });
    return { text, conflicts: [conflict], method: 'line', notes: [] };
  }
  return { text: input[decision] ?? '', conflicts: [], method: 'line', notes: [] };
}

function noteOf({ refused }: KeyMergeRefusal): MergeNote {
  const messages = {
    unparsable: 'a version does not parse, so the file is merged by line',
    'work-limit': 'the file takes too much work to merge by key, so it is merged by line',
    documents: 'the documents of the versions cannot be paired, so the file is merged by line',
    unsound: 'the merge by key would not be sound, so the file is merged by line',
  };
  return { rule: refused, path: '', message: messages[refused] };
}

function lineOutcome(input: MergeInput, decider: Decider, notes: readonly MergeNote[]): MergeOutcome {
  const record = (hunk: TextHunk): Conflict => recordOf(input, hunk);
  const merged = mergeText({
    ...input,
    base: input.base ?? '',
    ignoresLineEnds: formatOf(input.path) !== undefined,
    decide: (hunk) => decider.decide(record(hunk)),
  });
  return { text: merged.text, conflicts: merged.conflicts.map(record), method: 'line', notes };
}

function recordOf({ path }: MergeInput, { base, ours, theirs, lines }: TextHunk): Conflict {
  return {
    file: path,
    path: '',
    kind: 'text',
    base,
    ours,
    theirs,
    sides: {
      base: { value: base, text: base, lines: lines.base },
      ours: { value: ours, text: ours, lines: lines.ours },
      theirs: { value: theirs, text: theirs, lines: lines.theirs },
    },
  };
}
