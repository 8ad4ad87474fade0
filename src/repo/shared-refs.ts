import { parseRefspec, type Refspec } from '../store/index.js';

/** What cfg keeps for everybody, approvals above all, under the same name everywhere; it goes along with every fetch and push. */
export const sharedRefspec: Refspec = parseRefspec('refs/cfg/*:refs/cfg/*');

/** Of one clone alone: what can be undone there, and a branch that is being renamed. */
const ownRefs = /^refs\/cfg\/(ops|renamed)(\/|$)/;

export function isSharedRef(name: string): boolean {
  return name.startsWith('refs/cfg/') && !ownRefs.test(name);
}
