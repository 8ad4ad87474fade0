/** Where the signature of an object is, and what it is of (git: gpg-interface.c, commit.c parse_buffer_signed_by_header). */
import type { ObjectType } from '../types.js';
import { bufferOf } from '../objects/oid.js';

/** What made a signature, as `gpg.format` names it. */
export type SignatureFormat = 'ssh' | 'openpgp' | 'x509';

/** A signature and exactly the bytes that it is of. */
export interface SignedPayload {
  readonly payload: Uint8Array;
  /** In its armour, as text. */
  readonly signature: string;
}

const armours: readonly (readonly [begin: string, format: SignatureFormat])[] = [
  ['-----BEGIN SSH SIGNATURE-----', 'ssh'],
  ['-----BEGIN PGP SIGNATURE-----', 'openpgp'],
  ['-----BEGIN PGP MESSAGE-----', 'openpgp'],
  ['-----BEGIN SIGNED MESSAGE-----', 'x509'],
];

/** What a signature was made with; undefined for what no program that Git knows makes. */
export function signatureFormat(signature: string): SignatureFormat | undefined {
  return armours.find(([begin]) => signature.startsWith(begin))?.[1];
}

/** Takes a commit or tag apart; undefined for one that is not signed. */
export function splitSigned(type: ObjectType, data: Uint8Array): SignedPayload | undefined {
  if (type === 'commit') return splitCommit(bufferOf(data).toString('latin1'));
  return type === 'tag' ? splitTag(bufferOf(data).toString('latin1')) : undefined;
}

/** A commit has its signature in a header, each further line of it behind a space. That of another object format belongs to neither part. */
function splitCommit(text: string): SignedPayload | undefined {
  const end = text.indexOf('\n\n') + 1;
  const rest = end === 0 ? '' : text.slice(end);
  const kept: string[] = [];
  const signature: string[] = [];
  let inside: 'signature' | 'other' | undefined;
  for (const line of linesOf(end === 0 ? text : text.slice(0, end))) {
    if (!line.startsWith(' ')) inside = headerKind(line);
    if (inside === undefined) kept.push(line);
    if (inside === 'signature') signature.push(line.replace(/^(gpgsig)? /, ''));
  }
  if (signature.length === 0) return undefined;
  return { payload: Buffer.from(kept.join('') + rest, 'latin1'), signature: signature.join('') };
}

function headerKind(line: string): 'signature' | 'other' | undefined {
  if (line.startsWith('gpgsig ')) return 'signature';
  return line.startsWith('gpgsig') ? 'other' : undefined;
}

function splitTag(text: string): SignedPayload | undefined {
  const at = signatureStart(text);
  if (at === undefined) return undefined;
  return { payload: Buffer.from(text.slice(0, at), 'latin1'), signature: text.slice(at) };
}

/** Where the signature of a tag begins in its text: it is the end of the message (git: parse_signed_buffer, the last line that begins one). */
export function signatureStart(text: string): number | undefined {
  let found: number | undefined;
  let at = 0;
  for (const line of linesOf(text)) {
    if (signatureFormat(line) !== undefined) found = at;
    at += line.length;
  }
  return found;
}

/** The header lines that carry the signature of a commit. */
export function signatureHeader(signature: string): readonly string[] {
  return signature
    .replace(/\n$/, '')
    .split('\n')
    .map((line, at) => (at === 0 ? `gpgsig ${line}` : ` ${line}`));
}

/** With their line breaks. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
