/** Sends commands and a pack, and reads what became of them (git: gitprotocol-pack, pushing data to a server). */
import { zeroOid } from '../objects/oid.js';
import { remoteError } from './failure.js';
import { flushPacket, packet, PacketReader } from './packets.js';
import { MessageLines, readSideBand } from './side-band.js';
import type { Advertisement, OutgoingPack, PushCommand, PushReport } from './types.js';
import type { Wire } from './wire.js';

const usable = ['report-status', 'side-band-64k', 'ofs-delta', 'quiet'];

export interface PushRequest {
  /** At least one. */
  readonly commands: readonly PushCommand[];
  readonly pack: OutgoingPack | undefined;
  readonly advertised: Advertisement;
}

/** Throws E_REMOTE when nothing is known of what became of the commands. */
export async function sendCommands(wire: Wire, request: PushRequest): Promise<PushReport> {
  const { commands, pack, advertised } = request;
  const head = headOf(commands, advertised.capabilities);
  const reader = await wire.request({
    bytes: head.length + (pack?.bytes ?? 0),
    *read() {
      yield head;
      if (pack !== undefined) yield* pack.read();
    },
  });
  const messages = new MessageLines();
  const onMessage = (text: string): void => messages.add(text);
  const isBanded = advertised.capabilities.has('side-band-64k');
  const inner = isBanded
    ? new PacketReader(readSideBand(reader, { url: wire.url, onMessage }), wire.url)
    : reader;
  const results = await readReport(inner, wire.url, commands);
  if (isBanded) for await (const _ of inner.rest());
  return { results, messages: messages.all() };
}

function headOf(commands: readonly PushCommand[], capabilities: Advertisement['capabilities']): Buffer {
  const asked = usable.filter((name) => capabilities.has(name));
  if (capabilities.has('agent')) asked.push('agent=cfg');
  const lines = commands.map(({ ref, before, after }, at) => {
    const line = `${before ?? zeroOid} ${after ?? zeroOid} ${ref}`;
    return packet(at === 0 ? `${line}\0 ${asked.join(' ')}` : line);
  });
  return Buffer.concat([...lines, flushPacket]);
}

async function readReport(
  reader: PacketReader,
  url: string,
  commands: readonly PushCommand[],
): Promise<ReadonlyMap<string, string | null>> {
  const results = new Map<string, string | null>();
  let unpacked: string | undefined;
  for (let line = await reader.line(); line !== null; line = await reader.line()) {
    const [, word, ref = '', reason = 'no reason given'] = /^(\S+) (\S+)(?: (.*))?$/s.exec(line) ?? [];
    if (word === 'unpack') unpacked = line.slice('unpack '.length);
    else if (word === 'ok') results.set(ref, null);
    else if (word === 'ng') results.set(ref, reason);
  }
  if (unpacked !== 'ok')
    throw remoteError(url, `could not take the objects: ${unpacked ?? 'it did not say why'}`);
  for (const { ref } of commands) if (!results.has(ref)) results.set(ref, 'the server did not report on it');
  return results;
}
