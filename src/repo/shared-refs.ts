/**
 * What cfg keeps for everybody, approvals above all, has the same name everywhere and goes along with every fetch and push. Of one clone
 * alone are what can be undone there, and a branch that is being renamed.
 */
const ownRefs = /^refs\/cfg\/(ops|renamed)(\/|$)/;

export function isSharedRef(name: string): boolean {
  return name.startsWith('refs/cfg/') && !ownRefs.test(name);
}
