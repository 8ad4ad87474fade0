import type { SignOption } from '../repo/index.js';
import type { OptionSpec } from './command.js';
import type { Input } from './input.js';

/** The options of every command that makes something which can be signed. */
export const signOptions: readonly OptionSpec[] = [
  { flags: '-S, --sign', about: "sign it with your key (Git's gpg.format and user.signingKey)" },
  { flags: '--no-sign', about: 'do not sign it, even where commit.gpgSign or tag.gpgSign say so' },
];

/** What was said about signing; nothing where the configuration decides. */
export function signOf(input: Input): SignOption {
  const sign = input.either('sign');
  return sign === undefined ? {} : { sign };
}
