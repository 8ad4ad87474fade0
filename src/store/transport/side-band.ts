/** Three streams in one: the content, what a person may read, and a last word (git: gitprotocol-pack, side-band). */
import { remoteError } from './failure.js';
import type { PacketReader } from './packets.js';

const [content, message, failure] = [1, 2, 3];

export interface SideBandOptions {
  readonly url: string;
  /** What the server says meanwhile, as it comes. */
  readonly onMessage: (text: string) => void;
}

/** The content, up to the flush packet. Throws E_REMOTE with what the server says before it gives up. */
export async function* readSideBand(
  reader: PacketReader,
  { url, onMessage }: SideBandOptions,
): AsyncGenerator<Buffer, void, undefined> {
  for (let data = await reader.next(); data !== null; data = await reader.next()) {
    const rest = data.subarray(1);
    if (data[0] === content) yield rest;
    else if (data[0] === message) onMessage(rest.toString('utf8'));
    else if (data[0] === failure) throw remoteError(url, `gave up: ${rest.toString('utf8').trim()}`);
    else throw remoteError(url, 'sent what is no part of a transfer');
  }
}

/** The lines of messages that come in pieces; what only overwrites itself on a terminal is left out. */
export class MessageLines {
  readonly lines: string[] = [];
  private pending = '';

  add(text: string): void {
    const parts = (this.pending + text).split('\n');
    this.pending = parts.pop() ?? '';
    this.lines.push(...parts.flatMap(shown));
  }

  /** All lines, the last one also where it was not ended. */
  all(): readonly string[] {
    return [...this.lines, ...shown(this.pending)];
  }
}

function shown(line: string): string[] {
  const text = line.slice(line.lastIndexOf('\r', line.length - 2) + 1).trimEnd();
  return text === '' ? [] : [text];
}
