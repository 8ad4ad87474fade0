import { readTag, type Commit, type Oid, type Ref, type Signature, type Store } from '../store/index.js';
import type { CommitInfo, Person } from './types.js';

/** Names of tags by what they lead to in the end. */
export type TagNames = ReadonlyMap<Oid, readonly string[]>;

/** A commit as it is answered. */
export function commitInfo(oid: Oid, commit: Commit, tags: TagNames): CommitInfo {
  return {
    commit: oid,
    parents: commit.parents,
    author: personOf(commit.author),
    message: commit.message.replace(/\n$/, ''),
    tags: tags.get(oid) ?? [],
  };
}

/** The first second of the year 10000, which RFC 3339 cannot write. */
const endOfTime = 253_402_300_800;

/** Name, e-mail and the time in RFC 3339 with the person's own offset; a damaged date is that of 1970, as git shows it. */
export function personOf({ name, email, ...time }: Signature): Person {
  const isReal = time.timestamp < endOfTime - 86_400 && Math.abs(time.offsetMinutes) < 24 * 60;
  const { timestamp, offsetMinutes } = isReal ? time : { timestamp: 0, offsetMinutes: 0 };
  const local = new Date((timestamp + offsetMinutes * 60) * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${pair(Math.floor(minutes / 60))}:${pair(minutes % 60)}`;
  return { name, email, date: local + (offsetMinutes === 0 ? 'Z' : offset) };
}

function pair(number: number): string {
  return String(number).padStart(2, '0');
}

/** All tags, light and annotated, by what they lead to; names sorted. */
export async function readTagNames(store: Store): Promise<TagNames> {
  const names = new Map<Oid, string[]>();
  for (const ref of await store.refs.list(tagPrefix)) {
    const oid = await peel(store, ref);
    if (oid === undefined) continue;
    const known = names.get(oid);
    if (known === undefined) names.set(oid, [ref.name.slice(tagPrefix.length)]);
    else known.push(ref.name.slice(tagPrefix.length));
  }
  return names;
}

/** Where tags are among the refs. */
export const tagPrefix = 'refs/tags/';

/** What a tag leads to in the end; undefined for a symbolic ref. */
export async function peel(store: Store, ref: Ref): Promise<Oid | undefined> {
  if ('target' in ref) return undefined;
  if (ref.peeled !== undefined) return ref.peeled;
  let { oid } = ref;
  while ((await store.objects.read(oid)).type === 'tag') oid = (await readTag(store, oid)).object;
  return oid;
}
