import type { CommandSpec } from '../command.js';

export const command: CommandSpec = {
  usage: ['changelog [RANGE] [--scope DIR]'],
  about:
    'Prints as Markdown what each release changed by key, newest first: what is breaking, what was added, what has another value. The sections are the version tags; what came after the last one is unreleased.',
  arguments: [{ name: 'RANGE', about: 'A..B, or a revision up to which (default: everything up to HEAD)' }],
  options: [{ flags: '--scope <DIR>', about: 'only changes and versions of this folder' }],
  examples: [
    { command: 'cfg changelog', about: 'all releases' },
    { command: 'cfg changelog v1.2.0..', about: 'what came since a release' },
    { command: 'cfg changelog --scope services/api', about: 'a folder with versions of its own' },
  ],
  answer:
    '{releases: [{tag, version, date, commit, bump, changes: [{bump, reason, file, path?, kind?, before?, after?}]}], markdown}; tag, version and date are null for what is not released',
  run: async (session, input) => {
    const scope = input.text('scope');
    const options = scope === undefined ? {} : { scope };
    const answer = await (await session.open()).changelog(input.operands[0], options);
    return { answer, text: (style) => style.block(answer.markdown) };
  },
};
