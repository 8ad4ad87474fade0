/** What is to be reached: bench/targets.json, by area, table, contender and the peer that the ratio is to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from './measure.js';

export interface Target {
  readonly contender: string;
  /** The peer whose time is multiplied. */
  readonly to: string;
  readonly atMost: number;
}

type Targets = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Peers>>>>>>;
type Peers = Readonly<Record<string, number>>;

const all: Targets = JSON.parse(readFileSync(join(import.meta.dirname, 'targets.json'), 'utf8'));

/** The targets of a table. */
export function targetsOf(area: string, { title }: Pick<Table, 'title'>): readonly Target[] {
  return Object.entries(all[area]?.[title] ?? {}).flatMap(([contender, peers]) =>
    Object.entries(peers).map(([to, atMost]) => ({ contender, to, atMost })),
  );
}

/** The ratio that a target is about; undefined when one of the two was not measured. */
export function ratioOf({ contender, to }: Target, { rows, reference }: Table): number | undefined {
  const row = rows.find(({ name }) => name === contender);
  const peer = rows.find(({ name }) => name === to);
  if (row === undefined || peer === undefined) return undefined;
  return to === reference ? row.ratio.median : row.medianMs / peer.medianMs;
}

/** Whether a target is reached, to the two digits that are shown. */
export function isMet(target: Target, table: Table): boolean {
  const ratio = ratioOf(target, table);
  return ratio !== undefined && Number(ratio.toFixed(target.atMost < 0.1 ? 3 : 2)) <= target.atMost;
}

/** A line for each target of an area that the figures miss or do not have. */
export function missed(area: string, tables: readonly Table[]): readonly string[] {
  return Object.keys(all[area] ?? {}).flatMap((title) => {
    const found = tables.filter((table) => table.title === title);
    if (found.length === 0) return [`${area}: '${title}' was not measured`];
    return found.flatMap((table) =>
      targetsOf(area, table)
        .filter((target) => !isMet(target, table))
        .map((target) => line(area, table, target)),
    );
  });
}

function line(area: string, table: Table, target: Target): string {
  const ratio = ratioOf(target, table)?.toFixed(3) ?? 'not measured';
  const place = table.place === undefined ? '' : ` (${table.place})`;
  return `${area}: ${table.title}${place}: ${target.contender}: ${ratio} x ${target.to}, at most ${target.atMost}`;
}

/** The areas that have targets. */
export const areasWithTargets: readonly string[] = Object.keys(all);
