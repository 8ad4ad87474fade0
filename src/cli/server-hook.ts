/** What `cfg hooks` does on a server: installs the hook, and is it. */
import { ConfigError } from '../errors.js';
import type { PushedRef, PushVerdict } from '../repo/index.js';
import type { Outcome } from './command.js';
import { serverHookCommand } from './driver-commands.js';
import { visible, type Style } from './render/style.js';
import { lines } from './render/text.js';
import type { Session } from './session.js';

/** Writes or removes the hook. */
export async function serverHook(
  { io, open }: Session,
  { action, force }: { readonly action: 'install' | 'uninstall'; readonly force: boolean },
): Promise<Outcome> {
  const repository = await open();
  if (action === 'uninstall') {
    const answer = await repository.uninstallServerHook();
    return { answer, text: () => lines([`Removed ${visible(answer.hook)}`]), confirmation: true };
  }
  const answer = await repository.installServerHook({ command: serverHookCommand(io.self), force });
  const rules =
    answer.branch === null
      ? 'HEAD names a branch that is not there yet: the rules for new branches will be those of that one (git symbolic-ref HEAD refs/heads/NAME)'
      : `The rules for new branches are those of '${visible(answer.branch)}', which HEAD names`;
  return {
    answer,
    text: () => lines([`Every push keeps to the rules now (${visible(answer.hook)})`, rules]),
    confirmation: true,
    ...(answer.warnings && { warnings: answer.warnings }),
  };
}

/** Judges a push (git: Documentation/githooks, pre-receive: a line a ref on stdin, `OLD NEW NAME`, zeros for none). */
export async function preReceive({ io, open }: Session): Promise<Outcome> {
  const typed = (await io.readStdin()).split('\n').filter((line) => line !== '');
  const answer = await (await open()).judgePush(typed.map(updateOf));
  return {
    answer,
    text: (style) => refusals(answer, style),
    ...(answer.warnings && { warnings: answer.warnings }),
    exitCode: answer.accepted ? 0 : 1,
    confirmation: true,
  };
}

function updateOf(line: string): PushedRef {
  const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
  if (before === undefined || after === undefined || ref === undefined)
    throw new ConfigError('E_USAGE', `'${line}' is not what git gives to pre-receive`, {
      hint: 'it is run by git: cfg hooks install --server',
    });
  return { ref, before: idOf(before), after: idOf(after) };
}

function idOf(text: string): string | null {
  return /^0+$/.test(text) ? null : text;
}

function refusals({ refused }: PushVerdict, style: Style): string {
  return lines(
    refused.flatMap(({ ref, message, hint }) => [
      `${style.red('refused')} ${visible(ref)}: ${visible(message)}`,
      `  ${visible(hint)}`,
    ]),
  );
}
