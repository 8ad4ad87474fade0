import type { StateFiles } from '../../store/index.js';
import type { Ending, Operation, Step } from './types.js';

/** Lines of JSON, oldest first; each worktree has its own. */
const name = 'cfg/ops.log';

/** What one line of the log says about an operation. */
export type LogEntry =
  | {
      readonly command: string;
      readonly at: string;
      readonly summary: string;
      /** Told where no step has a summary. */
      readonly about?: string;
      readonly undoes?: readonly string[];
      readonly step?: Step;
    }
  | { readonly summary: string; readonly step: Step }
  /** A step, counted from 0, that failed and so did not happen. */
  | { readonly cancel: number }
  | { readonly end: Ending };

type LogRecord = LogEntry & { readonly id: string };

/**
 * Adds a record; returns the size of the log in bytes. A line begins and ends with a line break, so that one which a crash tore spoils
 * no other. Not made durable: like a reflog, a power cut may take the newest entries.
 */
export async function appendEntry(state: StateFiles, id: string, entry: LogEntry): Promise<number> {
  return state.append(name, `\n${JSON.stringify({ id, ...entry })}\n`);
}

/** Every operation of this worktree that did something, oldest first. */
export async function readOperations(state: StateFiles): Promise<readonly Operation[]> {
  const drafts = new Map<string, Draft>();
  for (const record of parseRecords((await state.read(name)) ?? '')) addRecord(drafts, record);
  return [...drafts.values()].flatMap(finished);
}

/** Whether an operation said that it had come to its end, and not in an error. */
export function endedWell({ ending }: { readonly ending?: Ending | undefined }): boolean {
  return ending !== undefined && ending.failed !== true;
}

/** Forgets the oldest operations until at most `maxBytes` are left; returns the ids that are gone. */
export async function shortenLog(state: StateFiles, maxBytes: number): Promise<readonly string[]> {
  const lines = ((await state.read(name)) ?? '').split('\n').filter((line) => line !== '');
  const kept: string[] = [];
  let size = 0;
  while (lines.length > 0 && size + (lines.at(-1)?.length ?? 0) <= maxBytes) {
    const line = lines.pop() ?? '';
    size += line.length;
    kept.unshift(line);
  }
  const left = new Set(parseRecords(kept.join('\n')).map(({ id }) => id));
  await state.write(name, kept.map((line) => `\n${line}\n`).join(''));
  const gone = new Set(parseRecords(lines.join('\n')).map(({ id }) => id));
  return [...gone].filter((id) => !left.has(id));
}

interface Draft {
  readonly head: Omit<Operation, 'steps' | 'ending' | 'summary'>;
  readonly about: string;
  summary: string;
  readonly steps: (Step | undefined)[];
  ending?: Ending;
}

function addRecord(drafts: Map<string, Draft>, record: LogRecord): void {
  const { id } = record;
  if ('command' in record) {
    const { command, at, summary, about = '', undoes = [], step } = record;
    const steps = step === undefined ? [] : [step];
    drafts.set(id, { head: { id, command, at, undoes }, summary, about, steps });
    return;
  }
  const draft = drafts.get(id);
  if (draft === undefined) return; // its beginning was forgotten
  if ('step' in record) {
    draft.steps.push(record.step);
    draft.summary ||= record.summary;
  }
  if ('cancel' in record) draft.steps[record.cancel] = undefined;
  if ('end' in record) draft.ending = record.end;
}

function finished({ head, summary, about, steps, ending }: Draft): readonly Operation[] {
  const happened = steps.filter((step) => step !== undefined);
  const isUndo = endedWell({ ending }) && head.undoes.length > 0;
  if (happened.length === 0 && !isUndo) return [];
  return [{ ...head, summary: summary || about, steps: happened, ...(ending && { ending }) }];
}

function parseRecords(text: string): readonly LogRecord[] {
  return text.split('\n').flatMap((line) => parseRecord(line) ?? []);
}

/** Undefined for a line that is none: torn by a crash, or by a newer version. */
function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is LogRecord {
  if (typeof value !== 'object' || value === null || !('id' in value)) return false;
  return 'command' in value || 'step' in value || 'cancel' in value || 'end' in value;
}
