import type { CloneOptions, FetchOptions } from '../repo/index.js';
import type { TransferProgress } from '../store/index.js';
import { progressOn } from './progress.js';
import type { Session } from './session.js';

type Transfer = Pick<FetchOptions & CloneOptions, 'ask' | 'onProgress'>;

/** Runs what speaks with another repository: a person at the terminal can be asked for a login, and sees how far it is. */
export async function transfer<T>(session: Session, run: (options: Transfer) => Promise<T>): Promise<T> {
  const { io } = session;
  const progress = progressOn(io, '');
  const startedAt = io.now().getTime();
  try {
    return await run({
      ...promptOf(session),
      onProgress: (step) => progress.say(() => lineOf(step, io.now().getTime() - startedAt)),
    });
  } finally {
    progress.end();
  }
}

const verbs: Readonly<Record<TransferProgress['phase'], string>> = {
  receiving: 'Receiving',
  indexing: 'Checking',
};

function lineOf({ phase, done, total, unit }: TransferProgress, elapsedMs: number): string {
  if (unit === 'objects')
    return `${verbs[phase]} ${done}${total === undefined ? '' : ` of ${total}`} objects`;
  const of = total === undefined ? '' : ` of ${megabytes(total)}`;
  return `${verbs[phase]} ${megabytes(done)}${of} MB (${megabytes((done * 1000) / Math.max(1, elapsedMs))} MB/s)`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function promptOf({ io }: Session): Transfer {
  const { openPrompt } = io;
  if (openPrompt === undefined || io.env['GIT_TERMINAL_PROMPT'] === '0') return {};
  return {
    ask: async (url, username) => {
      const prompt = await openPrompt();
      try {
        const name = username ?? (await prompt.ask(`Username for '${url}': `));
        if (name === undefined || name === '') return undefined;
        const password = await prompt.askSecret(`Password for '${url.replace('://', `://${name}@`)}': `);
        return password === undefined || password === '' ? undefined : { username: name, password };
      } finally {
        prompt.close();
      }
    },
  };
}
