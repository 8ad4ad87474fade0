import { ConfigError } from '../../errors.js';
import { booleanOf, expandHome, type Environment } from '../config/load.js';
import type { GitConfig, Signature } from '../types.js';
import { runSigningProgram, whyFailed, withTemporaryFile, type ProgramEnd } from './program.js';
import type { SignatureFormat } from './split.js';

/** What signing and checking depend on. */
export interface SigningContext {
  readonly config: GitConfig;
  readonly env: Environment;
  /** What relative paths in the configuration are relative to: the root of the worktree (git: pathname). */
  readonly cwd: string;
}

export interface ToSign {
  readonly payload: Uint8Array;
  /** Keeps a signature of one kind of thing from being taken for that of another (ssh-keygen -Y: `-n`). */
  readonly namespace: string;
  /** Whose key it is where OpenPGP has to choose one. */
  readonly signer: Signature;
}

/**
 * A signature by the key of `user.signingKey`, in the way of `gpg.format` (git: gpg-interface.c, sign_buffer). Throws E_SIGNATURE without a
 * key, or when the program makes none.
 */
export async function signPayload(context: SigningContext, request: ToSign): Promise<string> {
  return signingFormat(context.config) === 'ssh' ? signBySsh(context, request) : signByGpg(context, request);
}

/** Whether a setting as `commit.gpgSign` says that everything of its kind is signed. */
export function signsByDefault(config: GitConfig, name: string): boolean {
  return booleanOf(config.get(name) ?? 'false') === true;
}

/** Default OpenPGP, as Git has it. Throws E_SIGNATURE for a format that is none. */
function signingFormat(config: GitConfig): SignatureFormat {
  const named = config.get('gpg.format') ?? 'openpgp';
  const known = (['openpgp', 'x509', 'ssh'] as const).find((format) => format === named);
  if (known !== undefined) return known;
  throw new ConfigError('E_SIGNATURE', `'gpg.format' is '${named}', which is no kind of signature`, {
    hint: 'git config gpg.format ssh',
  });
}

/** The program for a format, as Git names and finds it. */
export function signingProgram(config: GitConfig, format: SignatureFormat): string {
  const names = { ssh: 'ssh-keygen', openpgp: 'gpg', x509: 'gpgsm' };
  const general = format === 'openpgp' ? config.get('gpg.program') : undefined;
  return config.get(`gpg.${format}.program`) ?? general ?? names[format];
}

async function signBySsh(context: SigningContext, request: ToSign): Promise<string> {
  const key = context.config.get('user.signingKey') || (await defaultKey(context));
  if (key === undefined)
    throw new ConfigError('E_SIGNATURE', 'no key to sign with is configured', {
      hint: 'git config --global gpg.format ssh && git config --global user.signingKey ~/.ssh/id_ed25519.pub',
    });
  const literal = /^(?:key::|(?=ssh-))(.*)$/s.exec(key)?.[1];
  if (literal !== undefined)
    return withTemporaryFile(`${literal}\n`, async (path) => signWithKeyFile(context, request, path));
  return signWithKeyFile(context, request, expandHome(key, context.env) ?? key);
}

/** What `gpg.ssh.defaultKeyCommand` names first, a public key; undefined without one (git: gpg-interface.c, get_default_ssh_signing_key). */
async function defaultKey({ config, env, cwd }: SigningContext): Promise<string | undefined> {
  const command = config.get('gpg.ssh.defaultKeyCommand') ?? '';
  if (command === '') return undefined;
  const input = new Uint8Array();
  const { code, out } = await runSigningProgram({ command, args: undefined, input, env, cwd });
  const [first = ''] = out.split('\n', 1);
  return code === 0 && /^(key::|ssh-)/.test(first) ? first.trim() : undefined;
}

/** Of a public key `ssh-keygen` asks the agent for the private one. */
async function signWithKeyFile(
  { config, env, cwd }: SigningContext,
  { payload, namespace }: ToSign,
  path: string,
): Promise<string> {
  const command = signingProgram(config, 'ssh');
  const args = ['-Y', 'sign', '-n', namespace, '-f', path];
  const end = await runSigningProgram({ command, args, input: payload, env, cwd });
  return signatureOf(end, command, `see whether the key is there and usable: ls '${path}'; ssh-add -l`);
}

async function signByGpg({ config, env, cwd }: SigningContext, { payload, signer }: ToSign): Promise<string> {
  const format = signingFormat(config);
  const command = signingProgram(config, format);
  const key = config.get('user.signingKey') ?? `${signer.name} <${signer.email}>`;
  const args = ['--status-fd=2', '-bsau', key];
  const end = await runSigningProgram({ command, args, input: payload, env, cwd });
  const made = /^\[GNUPG:\] SIG_CREATED /m.test(end.said) ? end : { ...end, code: 1 };
  return signatureOf(
    made,
    command,
    'see which keys there are: gpg --list-secret-keys; to sign with an SSH key: git config gpg.format ssh',
  );
}

function signatureOf(end: ProgramEnd, command: string, hint: string): string {
  const { code, out } = end;
  if (code === 0 && out.startsWith('-----BEGIN ')) return out.replaceAll('\r\n', '\n');
  const why = whyFailed(end) ?? `it ended with ${code === null ? 'a signal' : `exit code ${code}`}`;
  throw new ConfigError('E_SIGNATURE', `'${command}' made no signature: ${why}`, { hint });
}
