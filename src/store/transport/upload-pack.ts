/** Asks for a pack: what is wanted, what is here already (git: gitprotocol-pack, packfile negotiation; versions 0 and 1). */
import { isOid } from '../objects/oid.js';
import type { Oid } from '../types.js';
import { cutOff, remoteError } from './failure.js';
import { flushPacket, packet, type PacketReader } from './packets.js';
import { readSideBand } from './side-band.js';
import type { Advertisement, FetchRequest, IncomingPack } from './types.js';
import { bodyOf, type Wire } from './wire.js';

/** What cfg makes use of, in the order in which it is asked for. */
const usable = ['multi_ack_detailed', 'side-band-64k', 'ofs-delta', 'include-tag'];

/** After so many commits that the server does not know it is asked for everything (git: MAX_IN_VAIN). */
const maxInVain = 256;
const [firstBatch, maxBatch] = [16, 1024];

export interface FetchOptions {
  readonly request: FetchRequest;
  readonly advertised: Advertisement;
  readonly onMessage: (text: string) => void;
}

/** Throws E_REMOTE. */
export async function requestPack(wire: Wire, options: FetchOptions): Promise<IncomingPack> {
  const { request, advertised, onMessage } = options;
  if (request.depth !== undefined && !advertised.capabilities.has('shallow'))
    throw remoteError(wire.url, 'cannot send a part of a history', { hint: 'leave --depth out' });
  const negotiation = new Negotiation(wire, request, openingOf(request, advertised));
  const reader = await negotiation.run();
  const isBanded = advertised.capabilities.has('side-band-64k');
  const pack = isBanded ? readSideBand(reader, { url: wire.url, onMessage }) : reader.rest();
  return { ...negotiation.boundary, pack };
}

function openingOf({ wants, shallow, depth }: FetchRequest, { capabilities }: Advertisement): Buffer {
  const asked = usable.filter((name) => capabilities.has(name));
  if (capabilities.has('agent')) asked.push('agent=cfg');
  const [first = '', ...others] = new Set(wants);
  return Buffer.concat([
    packet(`want ${first} ${asked.join(' ')}\n`),
    ...others.map((oid) => packet(`want ${oid}\n`)),
    ...shallow.map((oid) => packet(`shallow ${oid}\n`)),
    ...(depth === undefined ? [] : [packet(`deepen ${depth}\n`)]),
    flushPacket,
  ]);
}

interface Boundary {
  readonly shallow: readonly Oid[];
  readonly unshallow: readonly Oid[];
}

const done = packet('done\n');

class Negotiation {
  boundary: Boundary = { shallow: [], unshallow: [] };
  private readonly wire: Wire;
  private readonly request: FetchRequest;
  private readonly opening: Buffer;
  private readonly common = new Set<Oid>();
  private isOpened = false;
  private isReady = false;
  private inVain = 0;

  constructor(wire: Wire, request: FetchRequest, opening: Buffer) {
    this.wire = wire;
    this.request = request;
    this.opening = opening;
  }

  /** Until the server knows enough; then the pack follows in what is returned. */
  async run(): Promise<PacketReader> {
    const haves = this.request.haves(this.common)[Symbol.asyncIterator]();
    for (let size = firstBatch; ; size = Math.min(size * 2, maxBatch)) {
      const isEnough = this.isReady || this.inVain >= maxInVain;
      const batch = isEnough ? [] : await take(haves, size);
      const isLast = isEnough || batch.length < size;
      const reader = await this.send(batch, isLast);
      const isFound = await this.readAcknowledgements(reader);
      this.inVain = isFound ? 0 : this.inVain + batch.length;
      if (isLast) return reader;
    }
  }

  private async send(batch: readonly Oid[], isLast: boolean): Promise<PacketReader> {
    const { isStateless } = this.wire;
    const known = isStateless ? [...this.common] : [];
    const haves = [...new Set([...known, ...batch])].map((oid) => packet(`have ${oid}\n`));
    const opens = isStateless || !this.isOpened;
    this.isOpened = true;
    const parts = [...(opens ? [this.opening] : []), ...haves, isLast ? done : flushPacket];
    const reader = await this.wire.request(bodyOf(Buffer.concat(parts)));
    if (opens && this.request.depth !== undefined) this.boundary = await readBoundary(reader, this.wire.url);
    return reader;
  }

  /** Says whether something new turned out to be common. The section ends with a NAK, the last one with an ACK where anything is common. */
  private async readAcknowledgements(reader: PacketReader): Promise<boolean> {
    const before = this.common.size;
    for (;;) {
      const line = await reader.line();
      if (line === null) throw cutOff(this.wire.url);
      const [word, oid = '', status] = line.split(' ');
      if (word === 'ACK' && isOid(oid)) {
        if (status !== undefined) this.common.add(oid);
        if (status === 'ready') this.isReady = true;
        if (status === undefined) return this.common.size > before;
      } else if (word === 'NAK') return this.common.size > before;
      else throw remoteError(this.wire.url, `answered '${line.slice(0, 80)}' where an ACK belongs`);
    }
  }
}

async function take(source: AsyncIterator<Oid>, count: number): Promise<Oid[]> {
  const taken: Oid[] = [];
  while (taken.length < count) {
    const next = await source.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

async function readBoundary(reader: PacketReader, url: string): Promise<Boundary> {
  const [shallow, unshallow]: [Oid[], Oid[]] = [[], []];
  for (let line = await reader.line(); line !== null; line = await reader.line()) {
    const [word, oid = ''] = line.split(' ');
    if (!isOid(oid) || (word !== 'shallow' && word !== 'unshallow'))
      throw remoteError(url, `answered '${line.slice(0, 80)}' where the end of the history belongs`);
    (word === 'shallow' ? shallow : unshallow).push(oid);
  }
  return { shallow, unshallow };
}
