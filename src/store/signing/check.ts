import { isConfigError } from '../../errors.js';
import { expandHome } from '../config/load.js';
import { runSigningProgram, whyFailed, withTemporaryFile, type ProgramEnd } from './program.js';
import { signatureFormat, type SignatureFormat, type SignedPayload } from './split.js';
import { signingProgram, type SigningContext } from './sign.js';

/**
 * `good`: by an allowed signer. `unknown`: the signature is right, but whose key it is nobody here says. `bad`: it is not of this content, or its key
 * must not sign this. `unchecked`: nothing here can tell.
 */
export type SignatureStatus = 'good' | 'unknown' | 'bad' | 'unchecked';

/** What is known of the signature of a commit, tag or approval. */
export interface CheckedSignature {
  readonly format: SignatureFormat;
  readonly status: SignatureStatus;
  /** Of a good one: the principals that the allowed signers give the key, first the one it was checked with. */
  readonly signers?: readonly string[];
  /** The fingerprint of the key, `SHA256:…`. */
  readonly key?: string;
  /** Why it is not good. */
  readonly reason?: string;
}

export interface ToCheck extends SignedPayload {
  readonly namespace: string;
  /** When it was made, in seconds since 1970: a key may have been allowed for some time only. */
  readonly timestamp: number;
}

/**
 * Checks an SSH signature against the allowed signers of this machine (`gpg.ssh.allowedSignersFile`, `gpg.ssh.revocationFile`) as Git does
 * (git: gpg-interface.c, verify_ssh_signed_buffer). Never throws for what cannot be checked: that is a status. Undefined: no signature that Git knows.
 */
export async function checkSignature(
  context: SigningContext,
  signed: ToCheck,
): Promise<CheckedSignature | undefined> {
  const format = signatureFormat(signed.signature);
  if (format === undefined) return undefined;
  if (format !== 'ssh')
    return { format, status: 'unchecked', reason: 'cfg checks signatures by SSH keys only' };
  try {
    return await withTemporaryFile(signed.signature, async (path) =>
      new SshCheck(context, signed, path).run(),
    );
  } catch (error) {
    if (!isConfigError(error, 'E_SIGNATURE')) throw error;
    return { format, status: 'unchecked', reason: error.message };
  }
}

class SshCheck {
  private readonly context: SigningContext;
  private readonly signed: ToCheck;
  private readonly signaturePath: string;

  constructor(context: SigningContext, signed: ToCheck, signaturePath: string) {
    this.context = context;
    this.signed = signed;
    this.signaturePath = signaturePath;
  }

  async run(): Promise<CheckedSignature> {
    const allowed = this.path('gpg.ssh.allowedSignersFile');
    if (allowed === undefined)
      return this.withoutSigner('no allowed signers are configured here (gpg.ssh.allowedSignersFile)');
    const found = await this.keygen('find-principals', ['-f', allowed, this.time()]);
    const signers = found.code === 0 ? found.out.split('\n').filter((line) => line !== '') : [];
    if (signers.length === 0) return this.withoutSigner(whyNotFound(found, allowed));
    return this.verify(signers, allowed);
  }

  private async verify(signers: readonly string[], allowed: string): Promise<CheckedSignature> {
    const revoked = this.path('gpg.ssh.revocationFile');
    const more = ['-f', allowed, this.time(), ...(revoked === undefined ? [] : ['-r', revoked])];
    let reason = wrongContent;
    for (const signer of signers) {
      const end = await this.keygen('verify', ['-n', this.signed.namespace, '-I', signer, ...more]);
      if (end.code === 0)
        return {
          format: 'ssh',
          status: 'good',
          signers: [signer, ...signers.filter((one) => one !== signer)],
          ...keyIn(end.out),
        };
      reason = whyFailed(end) ?? reason;
    }
    return { format: 'ssh', status: 'bad', reason };
  }

  /** Is it a signature of this content at all? */
  private async withoutSigner(reason: string): Promise<CheckedSignature> {
    const end = await this.keygen('check-novalidate', ['-n', this.signed.namespace]);
    if (end.code === 0) return { format: 'ssh', status: 'unknown', ...keyIn(end.out), reason };
    return { format: 'ssh', status: 'bad', reason: whyFailed(end) ?? wrongContent };
  }

  private async keygen(action: string, more: readonly string[]): Promise<ProgramEnd> {
    const { config, env, cwd } = this.context;
    return runSigningProgram({
      command: signingProgram(config, 'ssh'),
      args: ['-Y', action, '-s', this.signaturePath, ...more],
      input: this.signed.payload,
      env,
      cwd,
    });
  }

  /** `YYYYMMDDhhmmss`, in the time zone that the program runs in: UTC. */
  private time(): string {
    const date = new Date(Math.min(this.signed.timestamp, maxTimestamp) * 1000);
    return `-Overify-time=${date.toISOString().replace(/[-:T]|\..*/g, '')}`;
  }

  private path(name: string): string | undefined {
    const value = this.context.config.get(name);
    return value === undefined || value === '' ? undefined : (expandHome(value, this.context.env) ?? value);
  }
}

/** The last second of the year 9999. */
const maxTimestamp = 253_402_300_799;

const wrongContent = 'the signature is not of this content';

function whyNotFound({ said }: ProgramEnd, allowed: string): string {
  const isFile = /unable to open/i.test(said);
  return isFile ? `cannot read the allowed signers '${allowed}'` : 'its key is not one of an allowed signer';
}

function keyIn(out: string): { readonly key?: string } {
  const key = /\b(SHA256:[A-Za-z0-9+/]+)/.exec(out)?.[1];
  return key === undefined ? {} : { key };
}
