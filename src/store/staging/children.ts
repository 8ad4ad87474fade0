import type { IndexImage } from './image.js';

/** Entries that have the first bytes of their names in common: those of a folder. */
export interface IndexFolder {
  /** Length of the folder's path in bytes, with its '/'; 0 for the root. */
  readonly prefixSize: number;
  /** The first entry, and the one after the last. */
  readonly low: number;
  readonly high: number;
}

/** A name in a folder: a file (of one or, in a conflict, several stages) or a folder. */
export interface IndexChild extends IndexFolder {
  readonly name: string;
  readonly isFolder: boolean;
}

const slash = 0x2f;

/** What is directly in a folder, in the order of the index. A file has one child for each stage. */
export function childrenOf(image: IndexImage, { prefixSize, low, high }: IndexFolder): IndexChild[] {
  const { bytes } = image;
  const children: IndexChild[] = [];
  for (let at = low; at < high;) {
    const start = image.nameStart(at) + prefixSize;
    const end = image.nameEnd(at);
    let cut = start;
    while (cut < end && bytes[cut] !== slash) cut += 1;
    const isFolder = cut < end;
    const size = prefixSize + cut - start + 1;
    const next = isFolder ? endOfFolder(image, { prefixSize: size, low: at, high }, cut + 1 - start) : at + 1;
    children.push({ name: image.text(start, cut), isFolder, prefixSize: size, low: at, high: next });
    at = next;
  }
  return children;
}

/** The first entry from `low` on whose name differs in the last `size` bytes of the prefix; all have what is before in common. */
function endOfFolder(image: IndexImage, { prefixSize, low, high }: IndexFolder, size: number): number {
  const { bytes } = image;
  const first = image.nameStart(low) + prefixSize - size;
  let at = low + 1;
  for (; at < high; at += 1) {
    const other = image.nameStart(at) + prefixSize - size;
    let same = 0;
    while (same < size && bytes[first + same] === bytes[other + same]) same += 1;
    if (same < size) break;
  }
  return at;
}
