/** Commits and tags as bytes (git: commit.c, tag.c, ident.c; checked by fsck.c). */
import { ConfigError } from '../../errors.js';
import type { Commit, ObjectType, Oid, Signature, Tag } from '../types.js';
import { signatureStart } from '../signing/split.js';
import { bufferOf, isOid } from './oid.js';

/** Throws E_CORRUPT when it is no commit. */
export function parseCommit(data: Uint8Array): Commit {
  const buffer = bufferOf(data);
  const tree = oidAfter(buffer, 0, 'tree ');
  const parents: Oid[] = [];
  let at = 46;
  while (buffer.toString('latin1', at, at + 7) === 'parent ') {
    parents.push(oidAfter(buffer, at, 'parent '));
    at += 48;
  }
  const { headers, message } = splitHeaders(buffer, at);
  const [author = '', committer = '', ...extra] = headers;
  if (!author.startsWith('author ') || !committer.startsWith('committer '))
    throw damaged('commit', 'has no author or no committer');
  const parsedAuthor = parseSignature(author.slice(7));
  return {
    tree,
    parents,
    author: parsedAuthor,
    // Most often the two are the same, and reading them is a good part of reading a commit.
    committer:
      author.length + 3 === committer.length && committer.endsWith(author.slice(7))
        ? parsedAuthor
        : parseSignature(committer.slice(10)),
    message,
    ...(extra.length === 0 ? {} : { extraHeaders: extra }),
  };
}

/** Throws E_USAGE for what Git could not keep (NUL in the message, a bad id, a name of nothing but punctuation). */
export function formatCommit(commit: Commit): Uint8Array {
  const lines = [
    `tree ${checkedOid(commit.tree)}`,
    ...commit.parents.map((oid) => `parent ${checkedOid(oid)}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
    ...(commit.extraHeaders ?? []),
  ];
  return encodeObject(lines, commit.message);
}

/** Throws E_CORRUPT when it is no tag. */
export function parseTag(data: Uint8Array): Tag {
  const buffer = bufferOf(data);
  const object = oidAfter(buffer, 0, 'object ');
  const { headers, message } = splitHeaders(buffer, 48);
  const [typeLine = '', nameLine = '', taggerLine] = headers;
  const type = typeLine.slice(5);
  if (!typeLine.startsWith('type ') || !isObjectType(type) || !nameLine.startsWith('tag '))
    throw damaged('tag', 'has no type or no name');
  const signed = signatureStart(message);
  return {
    object,
    type,
    tag: nameLine.slice(4),
    ...(taggerLine?.startsWith('tagger ') ? { tagger: parseSignature(taggerLine.slice(7)) } : {}),
    message: message.slice(0, signed),
    ...(signed === undefined ? {} : { signature: message.slice(signed) }),
  };
}

/** Throws E_USAGE for what Git could not keep. */
export function formatTag(tag: Tag): Uint8Array {
  if (/[\n\0]/.test(tag.tag)) throw new ConfigError('E_USAGE', `tag name '${tag.tag}' has a line break`);
  const lines = [
    `object ${checkedOid(tag.object)}`,
    `type ${tag.type}`,
    `tag ${tag.tag}`,
    ...(tag.tagger === undefined ? [] : [`tagger ${formatSignature(tag.tagger)}`]),
  ];
  const object = encodeObject(lines, tag.message);
  return tag.signature === undefined ? object : Buffer.concat([object, Buffer.from(tag.signature, 'utf8')]);
}

/** `Name <email> seconds +hhmm`; damaged old commits exist, so this never fails: what is missing becomes empty or 0. */
export function parseSignature(line: string): Signature {
  const close = line.lastIndexOf('>');
  const open = line.lastIndexOf('<', close);
  const gap = line.indexOf(' ', close + 2);
  const seconds = line.slice(close + 2, gap < 0 ? undefined : gap);
  const timestamp = Number(seconds);
  return {
    name: line.slice(0, Math.max(open, 0)).trim(),
    email: open < 0 ? '' : line.slice(open + 1, close),
    timestamp: Number.isSafeInteger(timestamp) && timestamp > 0 ? timestamp : 0,
    offsetMinutes: gap < 0 ? 0 : parseOffset(line.slice(gap + 1)),
  };
}

/** `+0530` is 330; what is no offset is 0. */
function parseOffset(zone: string): number {
  const digits = Number(zone);
  if (zone.length < 4 || !Number.isSafeInteger(digits)) return 0;
  return Math.trunc(digits / 100) * 60 + (digits % 100) || 0;
}

/** Drops from name and e-mail what Git drops. Throws E_USAGE for an empty name or a time that Git cannot store. */
export function formatSignature(signature: Signature): string {
  const name = withoutCrud(signature.name);
  if (name === '')
    throw new ConfigError('E_USAGE', `'${signature.name}' is not a name that Git can store`, {
      hint: "write the author as 'Name <email>'",
    });
  const { timestamp, offsetMinutes } = signature;
  if (!Number.isSafeInteger(timestamp) || timestamp < 0 || !Number.isInteger(offsetMinutes))
    throw new ConfigError('E_USAGE', `not a time that Git can store: ${timestamp} ${offsetMinutes}`);
  return `${name} <${withoutCrud(signature.email)}> ${timestamp} ${formatOffset(offsetMinutes)}`;
}

function formatOffset(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  const digits = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${digits}`;
}

const crud = '\\u0000-\\u0020.,:;<>"\\\\\'';
const outerCrud = new RegExp(`^[${crud}]+|[${crud}]+$`, 'g');

/** git: ident.c, strbuf_addstr_without_crud. */
function withoutCrud(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these break the header line
  return text.replace(outerCrud, '').replace(/[\n<>\u0000]/g, '');
}

function encodeObject(headers: readonly string[], message: string): Uint8Array {
  if (message.includes('\0')) throw new ConfigError('E_USAGE', 'a message cannot hold a NUL character');
  const last = message === '' || message.endsWith('\n') ? '' : '\n';
  return Buffer.from(`${headers.join('\n')}\n\n${message}${last}`, 'utf8');
}

function oidAfter(buffer: Buffer, at: number, keyword: string): Oid {
  const start = at + keyword.length;
  const oid = buffer.toString('latin1', start, start + 40);
  if (buffer.toString('latin1', at, start) !== keyword || !isOid(oid) || buffer[start + 40] !== 10)
    throw damaged('object', `has no '${keyword.trim()}' where one belongs`);
  return oid;
}

/** Lines up to the empty one, and what follows it, in the encoding that the object names (default UTF-8). */
function splitHeaders(buffer: Buffer, start: number): { headers: string[]; message: string } {
  const gap = buffer.indexOf('\n\n', Math.max(0, start - 1), 'latin1');
  const end = gap < 0 ? buffer.length : gap;
  const encoding = encodingOf(buffer.toString('latin1', start, end));
  const decode = (from: number, to: number): string =>
    encoding === undefined
      ? buffer.toString('utf8', from, to)
      : new TextDecoder(encoding, { ignoreBOM: true }).decode(buffer.subarray(from, to));
  const headers = decode(start, end).split('\n');
  if (headers.at(-1) === '') headers.pop();
  return { headers, message: gap < 0 ? '' : decode(gap + 2, buffer.length) };
}

function encodingOf(headers: string): string | undefined {
  const label = /\nencoding (\S+)/.exec(headers)?.[1];
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined; // an encoding nobody knows: shown as UTF-8, as Git does
  }
}

const objectTypes: ReadonlySet<string> = new Set(['blob', 'tree', 'commit', 'tag']);

export function isObjectType(text: string): text is ObjectType {
  return objectTypes.has(text);
}

function checkedOid(oid: Oid): Oid {
  if (isOid(oid)) return oid;
  throw new ConfigError('E_USAGE', `'${oid}' is not an object id`);
}

function damaged(kind: string, what: string): ConfigError {
  return new ConfigError('E_CORRUPT', `${kind} ${what}`, { hint: 'run: cfg fsck' });
}
