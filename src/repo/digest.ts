import { createHash } from 'node:crypto';
import { listFiles, readBlob, type Oid, type Store } from '../store/index.js';

/**
 * The SHA-256 of a tree's content, `sha256:` and 64 hexadecimal digits: of one record per file, sorted by the bytes of its path,
 * `MODE SP HASH SP PATH NUL`, where HASH is the SHA-256 of the content in hexadecimal (of a submodule its commit id). See docs/releases.md
 * for how to compute it without cfg. With a `scope` only the files of that folder count, under their whole paths. Reads every file.
 */
export async function digestOf(store: Store, tree: Oid, scope: string = ''): Promise<string> {
  const records = createHash('sha256');
  const all = await listFiles(store, tree);
  const files = scope === '' ? all : all.filter(({ path }) => path.startsWith(`${scope}/`));
  for (const { path, mode, oid } of files.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  )) {
    const hash =
      mode === '160000'
        ? oid
        : createHash('sha256')
            .update(await readBlob(store, oid))
            .digest('hex');
    records.update(`${mode} ${hash} ${path}\0`);
  }
  return `sha256:${records.digest('hex')}`;
}

/** The digest that the message of a tag records: its last trailer `Digest:`; undefined when there is none. */
export function recordedDigest(message: string): string | undefined {
  return [...message.matchAll(/^Digest: (sha256:[0-9a-f]{64})$/gm)].at(-1)?.[1];
}

/** A message with the digest as its trailer. */
export function withDigest(message: string, digest: string): string {
  return `${message.trimEnd()}\n\nDigest: ${digest}\n`;
}
