/**
 * Whether everything that some objects lead to is here (git: connected.c). That an object is there says little: what nobody refers to may
 * have lost a part to a gc. So from it down everything is looked at, as far as what a ref of this repository leads to.
 */
import { ConfigError, isConfigError } from '../../errors.js';
import { walkCommits } from '../history/walk.js';
import type { HistorySource } from '../history/commits.js';
import type { Oid, RefStore } from '../types.js';
import { eachLink } from './links.js';

export interface CompleteSource extends HistorySource {
  readonly refs: RefStore;
}

/** The first id that is missing below `oids`, or one of them; undefined when all is there. */
export async function findMissing(source: CompleteSource, oids: readonly Oid[]): Promise<Oid | undefined> {
  const search = new Search(source);
  for (const oid of oids) {
    const missing = await search.visit(oid);
    if (missing !== undefined) return missing;
  }
  return search.visitCommits();
}

class Search {
  private readonly source: CompleteSource;
  private readonly seen = new Set<Oid>();
  private readonly commits: Oid[] = [];

  constructor(source: CompleteSource) {
    this.source = source;
  }

  /** Commits are put off: their history is walked once for all of them. */
  async visit(start: Oid): Promise<Oid | undefined> {
    const queue = [start];
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      if (this.seen.has(oid)) continue;
      this.seen.add(oid);
      if (!(await this.source.objects.has(oid))) return oid;
      const object = await this.source.objects.read(oid);
      if (object.type === 'commit') this.commits.push(oid);
      else eachLink(object, (link) => void queue.push(link), false);
    }
    return undefined;
  }

  /** Those that no ref leads to, with their files. */
  async visitCommits(): Promise<Oid | undefined> {
    if (this.commits.length === 0) return undefined;
    const exclude = await refCommits(this.source);
    try {
      for await (const { commit } of walkCommits(this.source, this.commits, { exclude })) {
        const missing = await this.visit(commit.tree);
        if (missing !== undefined) return missing;
      }
    } catch (error) {
      const oid: unknown = isConfigError(error, 'E_OBJECT_MISSING') ? error.details?.['oid'] : undefined;
      if (typeof oid !== 'string') throw error;
      return oid;
    }
    return undefined;
  }
}

/** The commits that refs lead to, tags followed; a ref to something else, or to what is gone, vouches for nothing. */
export async function refCommits({ refs, objects }: CompleteSource): Promise<readonly Oid[]> {
  const found = new Set<Oid>();
  const head = await refs.read('HEAD');
  for (const ref of [...(await refs.list('refs/')), ...(head === undefined ? [] : [head])]) {
    let oid = 'oid' in ref ? (ref.peeled ?? ref.oid) : undefined;
    while (oid !== undefined && !found.has(oid) && (await objects.has(oid))) {
      const object = await objects.read(oid);
      if (object.type === 'commit') found.add(oid);
      if (object.type !== 'tag') break;
      oid = undefined;
      eachLink(object, (link) => (oid = link), false);
    }
  }
  return [...found].toSorted();
}

/** What a transfer left out. */
export function incomplete(url: string, oid: Oid): ConfigError {
  return new ConfigError(
    'E_CORRUPT',
    `'${url}' sent refs without everything that they lead to: '${oid}' is missing`,
    {
      hint: 'nothing was changed here; the other repository needs: git fsck',
      details: { url, oid },
    },
  );
}
