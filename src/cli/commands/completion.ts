import { ConfigError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { scripts } from '../completion/scripts.js';
import { shells } from '../completion/values.js';
import { candidatesFor } from '../completion/words.js';

export const command: CommandSpec = {
  usage: ['completion SHELL', 'completion --candidates SHELL -- WORD…'],
  about: `Prints what makes a shell complete commands, options, branches, tags, stacks, files and keys. SHELL is ${shells.join(', ')}.`,
  arguments: [
    { name: 'SHELL', about: 'the shell', required: true },
    { name: 'WORD…', about: 'the words after cfg so far, the last one unfinished', many: true },
  ],
  options: [{ flags: '--candidates', about: 'what can stand where the last word is (the scripts ask this)' }],
  examples: [
    { command: 'source <(cfg completion bash)', about: 'in ~/.bashrc; likewise zsh in ~/.zshrc' },
    { command: 'cfg completion fish | source', about: 'in ~/.config/fish/config.fish' },
    { command: 'cfg completion --candidates bash -- switch fe', about: 'ask yourself' },
  ],
  answer: '{shell, script} | {candidates: [{value, about}]}',
  run: async (session, input) => {
    const [typed, ...words] = input.operands;
    const shell = shells.find((name) => name === typed);
    if (shell === undefined)
      throw new ConfigError('E_USAGE', `cfg has no completion for '${typed ?? ''}'`, {
        hint: `it knows ${shells.join(', ')}`,
      });
    if (!input.flag('candidates')) {
      if (words.length > 0)
        throw new ConfigError('E_USAGE', 'words are only completed with --candidates', {
          hint: `cfg completion ${shell}`,
        });
      return { answer: { shell, script: scripts[shell] }, text: () => scripts[shell] };
    }
    const candidates = await candidatesFor(session, words);
    const lines = candidates.map(({ value, about }) => (about === '' ? value : `${value}\t${about}`));
    return { answer: { candidates }, text: () => lines.map((line) => `${line}\n`).join('') };
  },
};
