import type { GetAnswer, Repository } from '../repo/index.js';

/** The bytes of a value as they stand in its file, or of the whole file where the address has no key. A value ends with a line break, a file as it does. */
export async function sourceText(
  repo: Repository,
  address: string,
  { file, revision }: GetAnswer['source'],
): Promise<string> {
  const { locate, parseAddress, parseDocument } = await import('../doc/index.js');
  const text = new TextDecoder().decode(await bytesOf(repo, file, revision));
  const { path = [] } = parseAddress(address);
  const range = path.length === 0 ? undefined : locate(parseDocument(text, { path: file }), path, 'value');
  if (range === undefined) return text;
  const raw = text.slice(indented(text, range.start.offset), range.end.offset);
  return raw.endsWith('\n') ? raw : `${raw}\n`;
}

/** Where a block begins: with the indentation of its first line, so that its lines stand below each other. */
function indented(text: string, offset: number): number {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(line, offset).trim() === '' ? line : offset;
}

async function bytesOf(repo: Repository, file: string, revision: string | undefined): Promise<Uint8Array> {
  const { worktree } = repo.store;
  if (revision === undefined && worktree !== undefined)
    return (await worktree.read(file))?.data ?? new Uint8Array();
  const { findFile, readBlob, readCommit, resolveCommit } = await import('../store/index.js');
  const { tree } = await readCommit(repo.store, await resolveCommit(repo.store, revision ?? 'HEAD'));
  const entry = await findFile(repo.store, tree, file);
  return entry === undefined ? new Uint8Array() : readBlob(repo.store, entry.oid);
}
