import { ConfigError } from '../../errors.js';
import { ask } from './ask.js';
import { layerOf } from './document.js';
import type { Reader } from './file.js';
import type { ConfigSource, SourceContent } from './types.js';

/**
 * The first of several sources that is there, can be read and parses. One that only has a copy from before is used when no other
 * answers. Throws E_SOURCE with the reason of each when some fail and none answers.
 */
export function failoverSource(members: readonly ConfigSource[]): Reader {
  const name = members.map((member) => member.name).join(' | ');
  return {
    name,
    kind: 'failover',
    read: async (context) => {
      const reasons: string[] = [];
      let copy: SourceContent | undefined;
      for (const member of members) {
        const answer = await ask(member, context);
        const reason = unhealthy(member, answer);
        if (reason !== undefined) reasons.push(reason);
        if ('error' in answer || answer.content === undefined) continue;
        if (reason === undefined)
          return reasons.length === 0 ? answer.content : { ...answer.content, instead: reasons.join('; ') };
        copy ??= answer.content.stale === undefined ? undefined : answer.content;
      }
      if (copy !== undefined) return copy;
      if (reasons.length === 0) return undefined;
      throw new ConfigError('E_SOURCE', `none of '${name}' answered: ${reasons.join('; ')}`);
    },
  };
}

/** Why a member does not count; undefined when it does. One that is not there has no reason when it may be absent. */
function unhealthy(member: ConfigSource, answer: Awaited<ReturnType<typeof ask>>): string | undefined {
  if ('error' in answer) return answer.error.message;
  if (answer.content === undefined)
    return member.optional === true ? undefined : `'${member.name}' does not exist`;
  if (answer.content.stale !== undefined) return answer.content.stale.reason;
  for (const document of answer.content.documents) {
    const result = layerOf(document);
    if (!('problems' in result)) continue;
    const [problem] = result.problems;
    return `'${member.name}' is not valid: ${problem?.file}:${problem?.line}:${problem?.column}: ${problem?.message}`;
  }
  return undefined;
}
