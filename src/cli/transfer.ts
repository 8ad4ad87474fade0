import type { CloneOptions, FetchOptions } from '../repo/index.js';
import type { Session } from './session.js';

type Transfer = Pick<FetchOptions & CloneOptions, 'ask' | 'onProgress'>;

/** What a command that speaks with another repository hands on: who can be asked for a login, and where its progress shows. */
export function transferOptions({ io }: Session): Transfer {
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
