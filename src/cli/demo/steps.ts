/** One step of the tour: a command line, what it must do, and what to notice. */
export interface DemoStep {
  /** `cfg` or `git` and its arguments. */
  readonly command: readonly ['cfg' | 'git', ...string[]];
  readonly notice: string;
  /** Default 0. */
  readonly exitCode?: number;
  /** A text that the output must hold. */
  readonly says: string;
}

const pool = 'base.yaml#db.pool';

/** The main job, from a folder of files to a released, merged and explained configuration. */
export const demoSteps: readonly DemoStep[] = [
  {
    command: ['cfg', 'init'],
    notice: 'The folder is an ordinary Git repository now; no file was touched.',
    says: 'main',
  },
  { command: ['cfg', 'status'], notice: 'It always says what to do next.', says: 'base.yaml' },
  { command: ['cfg', 'add', '-A'], notice: 'Staged, as in Git.', says: 'Staged base.yaml' },
  {
    command: ['cfg', 'commit', '-m', 'The configuration of the shop'],
    notice: 'Every file was parsed and checked against its schema first.',
    says: 'the first commit',
  },
  {
    command: ['cfg', 'tag', '1.0.0', '-m', 'First release'],
    notice: 'A release has a digest of its content.',
    says: 'v1.0.0',
  },
  {
    command: ['cfg', 'set', 'env/prod.yaml#db.pool.max', '90'],
    notice: 'A value is named FILE#KEY.',
    says: '80 -> 90',
  },
  {
    command: ['cfg', 'diff', '--text'],
    notice: 'One line changed; the comment beside the value stayed where it was.',
    says: '+    max: 90',
  },
  {
    command: ['cfg', 'commit', '-a', '-m', 'Raise the pool of production'],
    notice: 'One file, one key.',
    says: '1 file and 1 key changed',
  },
  {
    command: ['cfg', 'switch', '-c', 'patient-pool'],
    notice: 'A branch for a change of its own.',
    says: "'patient-pool'",
  },
  {
    command: ['cfg', 'set', `${pool}.idle_timeout`, '60s'],
    notice: 'On this branch the idle timeout changes,',
    says: '"30s" -> "60s"',
  },
  {
    command: ['cfg', 'set', `${pool}.max_lifetime`, '30m'],
    notice: 'a key is added beside it,',
    says: '(new)',
  },
  {
    command: ['cfg', 'set', 'flags/flags.json#flags.new-checkout.rollout', '50'],
    notice: 'and a flag in a JSON file, whose own layout stays as well.',
    says: '25 -> 50',
  },
  {
    command: ['cfg', 'diff'],
    notice: 'The same by key: ~ changed, + added.',
    says: '+ db.pool.max_lifetime',
  },
  {
    command: ['cfg', 'commit', '-a', '-m', 'Keep connections longer'],
    notice: 'Recorded on the branch.',
    says: '2 files and 3 keys changed',
  },
  { command: ['cfg', 'switch', 'main'], notice: 'Meanwhile, on main …', says: "'main'" },
  {
    command: ['cfg', 'set', `${pool}.max`, '12'],
    notice: '… the line right above changes.',
    says: '10 -> 12',
  },
  {
    command: ['cfg', 'commit', '-a', '-m', 'A larger pool by default'],
    notice: 'Recorded on main.',
    says: '1 key',
  },
  {
    command: ['cfg', 'merge', 'patient-pool'],
    notice: 'Neighbouring lines, different keys: a merge by line stops here, a merge by key does not.',
    says: 'Merged patient-pool into main',
  },
  {
    command: ['cfg', 'switch', '-c', 'save-money'],
    notice: 'Now a real conflict: a branch wants fewer replicas,',
    says: "'save-money'",
  },
  {
    command: ['cfg', 'set', 'services/api.yaml#replicas', '2'],
    notice: 'two instead of three,',
    says: '3 -> 2',
  },
  { command: ['cfg', 'commit', '-a', '-m', 'Fewer replicas'], notice: 'on its branch,', says: '1 key' },
  { command: ['cfg', 'switch', 'main'], notice: 'while main', says: "'main'" },
  { command: ['cfg', 'set', 'services/api.yaml#replicas', '5'], notice: 'wants five.', says: '3 -> 5' },
  {
    command: ['cfg', 'commit', '-a', '-m', 'More replicas'],
    notice: 'Both changed one key …',
    says: '1 key',
  },
  {
    command: ['cfg', 'merge', 'save-money'],
    notice: '… so the merge stops, shows the three values, and says what to type. Its exit code is 1.',
    exitCode: 1,
    says: 'services/api.yaml#replicas',
  },
  {
    command: ['cfg', 'resolve', 'services/api.yaml#replicas', '--value', '4'],
    notice: 'Neither side: a value in between.',
    says: 'no conflicts are left',
  },
  {
    command: ['cfg', 'merge', '--continue'],
    notice: 'The merge commit, with both parents.',
    says: 'Merged save-money into main',
  },
  {
    command: ['cfg', 'tag', '--bump', 'auto'],
    notice: 'A key was added and none removed: a minor release. The next version comes from what changed.',
    says: 'v1.1.0',
  },
  { command: ['cfg', 'log', '--oneline'], notice: 'The history, with its releases.', says: '(v1.1.0)' },
  {
    command: ['cfg', 'log', `${pool}.max`],
    notice: 'The history of one key: who set it, when, and what it was before.',
    says: '10 -> 12',
  },
  {
    command: ['cfg', 'load', 'app', '-e', 'dev'],
    notice: 'What the application gets in dev: five layers over each other, checked against a schema.',
    says: 'log_level: debug',
  },
  {
    command: ['cfg', 'get', 'db.pool.max', '-e', 'prod'],
    notice: 'One value of what production gets.',
    says: '90',
  },
  {
    command: ['cfg', 'explain', 'db.pool.max', '-e', 'prod'],
    notice: 'Why it is 90: the place, the commit and author that set it, and what it overrides.',
    says: 'env/prod.yaml:9:10',
  },
  {
    command: ['cfg', 'verify', 'v1.1.0'],
    notice: 'The release is still exactly what was tagged.',
    says: 'ok',
  },
  {
    command: ['git', 'log', '--oneline', '--graph', '-4'],
    notice: 'It is plain Git underneath: every Git tool and host works on it.',
    says: "Merge branch 'save-money'",
  },
  {
    command: ['git', 'fsck', '--strict'],
    notice: 'And Git finds nothing to complain about.',
    says: '',
  },
];
