import type { LogOptions } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { renderLog, renderOneline } from '../render/history.js';
import { innerChanges } from '../render/key-history.js';
import { lines } from '../render/text.js';
import { splitRevisions } from '../revisions.js';

export const command: CommandSpec = {
  usage: [
    'log [REV] [ADDRESS…] [-n N] [--author A] [--since D] [--until D] [--grep T] [--key GLOB] [--value TEXT] [--first-parent] [--graph] [--oneline] [--show-signature]',
  ],
  about:
    'Shows commits, newest first: all of them, those that touched a file, or those that changed a key. Of one key it shows the value before and after, of a map or list what changed in it.',
  arguments: [
    { name: 'REV', about: 'where to start, or a range A..B (default: HEAD)' },
    {
      name: 'ADDRESS…',
      about: 'files, folders or FILE#KEY; put -- before one that could be a revision',
      many: true,
    },
  ],
  options: [
    { flags: '-n, --limit <N>', about: 'at most N commits' },
    { flags: '--author <TEXT>', about: 'whose author has this in name or e-mail' },
    { flags: '--since <DATE>', about: 'not older than this date' },
    { flags: '--until <DATE>', about: 'not newer than this date' },
    { flags: '--grep <TEXT>', about: 'with this in the message' },
    { flags: '--key <GLOB>', about: 'that changed a key which matches (* one segment, ** any number)' },
    { flags: '--value <TEXT>', about: 'with which this text came into a value or went out of it' },
    { flags: '--first-parent', about: 'of merges only what the first parent leads to' },
    { flags: '--graph', about: 'draw the lines of history' },
    { flags: '--oneline', about: 'one line a commit' },
    { flags: '--show-signature', about: 'check the signatures of commits, and tell who signed' },
  ],
  examples: [
    { command: 'cfg log --oneline -n 10', about: 'the last ten' },
    {
      command: 'cfg log services/api.yaml#db.pool.max',
      about: 'who set this value, when, and what it was before',
    },
    {
      command: 'cfg log --value db-3.internal',
      about: 'since when, and until when, anything named this host',
    },
    { command: "cfg log --key '**.image.tag' --since 2026-01-01", about: 'every deployment of this year' },
  ],
  answer:
    '{commits: [{commit, parents, author: {name, email, date}, message, tags, signature?, before?, after?, changes?: [{file, path, kind, before?, after?}], edges?: [commit]}]}; before and after for the history of one key, changes with --value, edges with --graph, signature as in show with --show-signature',
  run: async (session, input) => {
    const options = filters(input);
    const repo = await session.open();
    const { revisions, rest } = await splitRevisions(repo, input, { cwd: session.cwd, most: 1 });
    const [revision] = revisions;
    const answer = await repo.log({
      ...(revision === undefined ? {} : { revision }),
      ...(rest.length === 0 ? {} : { addresses: rest }),
      ...options,
    });
    if (input.flag('oneline')) return { answer, text: (style) => renderOneline(answer.commits, style) };
    if (answer.commits.length === 0) {
      const isLimited = Object.keys(options).length > 0 || revisions.length > 0;
      return { answer, text: () => lines([isLimited ? 'No commits match' : 'No commits yet']) };
    }
    const inner = await innerChanges(answer);
    return { answer, text: (style) => renderLog(answer.commits, style, inner) };
  },
};

function filters(input: Input): LogOptions {
  const limit = input.number('limit');
  const texts = ['author', 'since', 'until', 'grep', 'key', 'value'].flatMap((name) => {
    const value = input.text(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(texts),
    ...(limit === undefined ? {} : { limit }),
    ...(input.flag('firstParent') && { firstParent: true }),
    ...(input.flag('graph') && { graph: true }),
    ...(input.flag('showSignature') && { signatures: true }),
  };
}
