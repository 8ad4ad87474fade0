/** Packets: four hexadecimal digits of length, then the content (git: gitprotocol-common, pkt-line). */
import { cutOff, remoteError } from './failure.js';

const headBytes = 4;

/** The end of a section. */
export const flushPacket: Buffer = Buffer.from('0000', 'latin1');

/** A line as a packet. */
export function packet(content: string | Buffer): Buffer {
  const data = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const head = (data.length + headBytes).toString(16).padStart(headBytes, '0');
  return Buffer.concat([Buffer.from(head, 'latin1'), data]);
}

/** Reads packets, and then maybe plain bytes, from a stream. */
export class PacketReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private readonly url: string;
  private pending: Buffer = Buffer.alloc(0);

  /** `url` is for messages. */
  constructor(source: AsyncIterable<Uint8Array>, url: string) {
    this.source = source[Symbol.asyncIterator]();
    this.url = url;
  }

  /** The content of the next packet; null for a flush packet. Throws E_REMOTE when the stream ends or holds no packet. */
  async next(): Promise<Buffer | null> {
    const head = (await this.take(headBytes)).toString('latin1');
    if (!/^[0-9a-f]{4}$/i.test(head)) throw this.noPacket(head);
    const length = Number.parseInt(head, 16);
    if (length === 0) return null;
    if (length < headBytes) throw this.noPacket(head);
    return this.take(length - headBytes);
  }

  /** The next packet as text without its line break; null for a flush packet. Throws E_REMOTE, also for `ERR` of the server. */
  async line(): Promise<string | null> {
    const data = await this.next();
    if (data === null) return null;
    const text = data.toString('utf8').replace(/\n$/, '');
    if (text.startsWith('ERR ')) throw remoteError(this.url, `refused: ${text.slice(4)}`);
    return text;
  }

  /** Everything up to the end of the stream. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    if (this.pending.length > 0) yield this.pending;
    this.pending = Buffer.alloc(0);
    for (;;) {
      const { done, value } = await this.source.next();
      if (done === true) return;
      yield asBuffer(value);
    }
  }

  private async take(count: number): Promise<Buffer> {
    const chunks = [this.pending];
    let length = this.pending.length;
    while (length < count) {
      const { done, value } = await this.source.next();
      if (done === true) throw cutOff(this.url);
      chunks.push(asBuffer(value));
      length += value.length;
    }
    const all = chunks.length === 1 ? this.pending : Buffer.concat(chunks);
    this.pending = all.subarray(count);
    return all.subarray(0, count);
  }

  private noPacket(head: string): Error {
    return remoteError(this.url, `does not speak Git's protocol: it began with '${head}'`, {
      hint: 'see whether the address is that of a repository',
    });
  }
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
