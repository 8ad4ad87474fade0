/** What a service begins with: its refs and what it can do (git: gitprotocol-pack, reference discovery). */
import { isOid, zeroOid } from '../objects/oid.js';
import { isRefName } from '../refs/name.js';
import type { Oid } from '../types.js';
import { remoteError } from './failure.js';
import type { PacketReader } from './packets.js';
import type { Advertisement, RemoteRef } from './types.js';

const peeledSuffix = '^{}';

/** Throws E_REMOTE. Refs whose names Git does not allow are left out: what a server says must not lead out of `refs/`. */
export async function readAdvertisement(reader: PacketReader, url: string): Promise<Advertisement> {
  const oids = new Map<string, Oid>();
  const shallow: Oid[] = [];
  let capabilities: string | undefined;
  for (let line = await reader.line(); line !== null; line = await reader.line()) {
    const [content = '', after] = line.split('\0');
    capabilities ??= after ?? '';
    if (content === 'version 1') continue;
    const [oid = '', name = ''] = splitOnce(content);
    if (oid === 'shallow' && isOid(name)) shallow.push(name);
    else if (isOid(oid) && name !== '') oids.set(name, oid);
    else throw remoteError(url, `sent a list of refs that cannot be read: '${content.slice(0, 80)}'`);
  }
  return { ...refsOf(oids), shallow, ...capabilitiesOf(capabilities ?? '') };
}

function splitOnce(text: string): readonly string[] {
  const at = text.indexOf(' ');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function refsOf(oids: ReadonlyMap<string, Oid>): Pick<Advertisement, 'refs' | 'head'> {
  const head = oids.get('HEAD');
  const refs = [...oids].flatMap(([name, oid]): RemoteRef[] => {
    if (!name.startsWith('refs/') || !isRefName(name) || oid === zeroOid) return [];
    const peeled = oids.get(name + peeledSuffix);
    return [{ name, oid, ...(peeled === undefined ? {} : { peeled }) }];
  });
  return {
    refs: refs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...(head === undefined ? {} : { head }),
  };
}

function capabilitiesOf(text: string): Pick<Advertisement, 'capabilities' | 'headTarget'> {
  const words = text.split(' ').filter((word) => word !== '');
  const capabilities = new Map(
    words.map((word): [string, string] => {
      const at = word.indexOf('=');
      return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const target = words.find((word) => word.startsWith('symref=HEAD:'))?.slice('symref=HEAD:'.length);
  return { capabilities, ...(target !== undefined && isRefName(target) ? { headTarget: target } : {}) };
}
