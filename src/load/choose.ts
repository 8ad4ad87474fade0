import { closest, ConfigError, shellWord } from '../errors.js';
import type { Settings, Stack } from '../settings/index.js';

const usualNames = ['default', 'app'];

/** The stack of a name; without one the only stack, or the one called `default` or `app`. Throws E_USAGE. */
export function chooseStack({ stacks }: Settings, name: string | undefined): Stack {
  const names = [...stacks.keys()];
  if (names.length === 0)
    throw new ConfigError('E_USAGE', 'cfg.yaml has no stack to load', {
      hint: "list its layers under 'stacks:', as in { stacks: { app: { layers: [base.yaml] } } }",
    });
  const usual = names.length === 1 ? names[0] : usualNames.find((each) => stacks.has(each));
  const stack = stacks.get(name ?? usual ?? '');
  if (stack !== undefined) return stack;
  if (name === undefined)
    throw new ConfigError('E_USAGE', `say which stack: cfg.yaml has ${names.join(', ')}`, {
      hint: `name it, as in: cfg load ${shellWord(names[0] ?? 'STACK')}`,
      details: { stacks: names },
    });
  const meant = closest(name, names);
  throw new ConfigError('E_USAGE', `cfg.yaml has no stack '${name}'`, {
    hint: meant === undefined ? `its stacks: ${names.join(', ')}` : `did you mean '${meant}'?`,
    details: { stacks: names },
  });
}
