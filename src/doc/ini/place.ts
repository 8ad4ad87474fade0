/** Key paths to the parts of an INI tree. */
import type { KeyPath, KeySegment } from '../types.js';
import type { IniPart, IniSection } from './view.js';

/** The part of a view that a key path leads to. */
export function findPart(view: IniSection, path: KeyPath): IniPart | undefined {
  return path.reduce<IniPart | undefined>((part, segment) => part && childOf(part, segment), view);
}

function childOf(part: IniPart, segment: KeySegment): IniPart | undefined {
  if (typeof segment === 'object' || part.kind === 'scalar') return undefined;
  return part.kind === 'section' ? part.children.get(String(segment)) : part.items[Number(segment)];
}
