import type { RepositoryContext } from '../context.js';
import { shortenLog } from './log.js';
import { cfgItself, heldPrefix, Recorder, type Recording } from './recorder.js';

/** The log is halved when it grows beyond this. */
const maxLogBytes = 4 * 1024 * 1024;

/** Runs a command whose changes are recorded in the operation log. */
export async function operate<T>(
  context: RepositoryContext,
  recording: Omit<Recording, 'store' | 'now'>,
  run: (context: RepositoryContext) => Promise<T>,
): Promise<T> {
  const { store, now } = context;
  const recorder = new Recorder({ ...recording, store, now });
  let failed = true;
  try {
    const answer = await run({ ...context, store: recorder.store });
    if (recording.undoes !== undefined) await recorder.begin();
    failed = false;
    return answer;
  } finally {
    await recorder.end({ failed });
    if (recorder.logSize > maxLogBytes) await forgetOldest(context);
  }
}

/** Shortens the log, and lets go of what was held for the operations that it loses. */
async function forgetOldest({ store, now }: RepositoryContext): Promise<void> {
  const gone = await shortenLog(store.state, maxLogBytes / 2);
  const edits = [];
  for (const id of gone)
    for (const { name } of await store.refs.list(`${heldPrefix}${id}/`)) edits.push({ name, value: null });
  if (edits.length > 0)
    await store.refs.update(edits, { committer: cfgItself(now()), message: 'operation log shortened' });
}
