/** What `cfg help TOPIC` prints: what several commands have in common. */

export interface Topic {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs, and rows of a term and what it means. */
  readonly body: readonly (string | readonly (readonly [term: string, meaning: string])[])[];
}

export const topics: readonly Topic[] = [
  {
    name: 'addresses',
    summary: 'how files, keys and revisions are named',
    body: [
      'A value has the address [REV:]FILE[#KEY]. FILE is relative to the current folder, behind a revision to the root of the repository unless it begins with ./ or ../.',
      [
        ['base.yaml', 'the whole file'],
        ['base.yaml#db.pool.max', 'one value of it'],
        ['base.yaml#hosts[0]', 'the first item of a list'],
        ['deploy.yaml#containers[name=web].image', 'an item by one of its keys'],
        ['deploy.yaml#labels."app.kubernetes.io/name"', 'a key with a dot in it'],
        ['deploy.yaml#[1].spec', 'the second document of a YAML file'],
        ['base.yaml#/db/pool/max', 'the same as a JSON Pointer (RFC 6901)'],
        ['v1.2.0:base.yaml#db', 'as it was at a revision'],
        [`'"a#b.yaml"#db'`, 'of a file with a # in its name'],
      ],
      "Put an address in single quotes where it has brackets or quotes in it. 'cfg completion' completes them.",
    ],
  },
  {
    name: 'revisions',
    summary: 'how commits are named',
    body: [
      'A revision is anything that git rev-parse names, or a range of versions.',
      [
        ['main, feature/x', 'a branch'],
        ['HEAD', 'the commit that is checked out'],
        ['HEAD~2, main^2', 'two commits earlier; the second parent'],
        ['3f2a9c1', 'the beginning of a commit id'],
        ['main@{1}', 'where main was one step ago'],
        ["'main@{yesterday}'", 'where it was a day ago; also @{2 weeks ago}, @{2026-01-31}'],
        ["'@{-1}'", 'the branch that was checked out before'],
        ["':/fix pool'", 'the newest commit with such a message; of one branch: main^{/fix pool}'],
        ['v1.2.0', 'a release'],
        ["'^1.2', '~1.2.3', '>=1 <3'", 'the highest release in a range, as npm has them; in quotes'],
        ['origin/main', 'a branch of a remote, as it was last fetched'],
      ],
    ],
  },
  {
    name: 'layers',
    summary: 'how a configuration is put together',
    body: [
      "A stack in cfg.yaml is a list of layers; a later one wins key by key. 'cfg load STACK -e ENV' prints the outcome, 'cfg explain KEY' where a value comes from.",
      [
        ['base.yaml', 'a file that has to be there'],
        ['local.yaml?', 'one that may be missing'],
        ['env/${env}.yaml', 'with a variable in its name: -e prod, or --var env=prod'],
        ['conf.d/*.yaml', 'all that match, in the order of their names'],
        ['env:APP_', 'the environment: APP_DB__HOST is db.host'],
        ['git:v1:base.yaml', 'a file as it was at a revision'],
      ],
      'Text without types (INI, the environment) takes the type of the value that it overrides. docs/layers.md has all kinds of sources, strategies, list rules and references.',
    ],
  },
  {
    name: 'protection',
    summary: 'what a protected branch allows',
    body: [
      "The rules stand in cfg.yaml under branches, the first pattern that matches counts, and those at the tip of the branch itself are in force. 'cfg protect PATTERN LEVEL' writes one.",
      [
        ['none', 'everything is allowed'],
        ['basic', 'history is never rewritten and the branch never deleted'],
        ['standard', 'and it only moves by merges whose result is valid'],
        ['strict', 'and the merged head contains the tip and is approved by others than its authors'],
      ],
      "'cfg check --into BRANCH' says what a merge still lacks, 'cfg approve REV' approves, 'cfg verify BRANCH' finds what got round the rules, 'cfg hooks install --server' enforces them on a server.",
    ],
  },
  {
    name: 'merging',
    summary: 'how two sides become one',
    body: [
      'Files that one side changed are taken as they are. What both changed is merged by line where that reads well and loses nothing, else by key: maps, lists, comments and order. Bytes that nobody changed stay.',
      'What both sides changed differently is a conflict of that key only: markers in the file, and a record beside it.',
      [
        ['cfg merge REV --dry-run', 'what would come out; nothing is written'],
        ['cfg conflicts', 'what is left to decide, with a suggestion'],
        ['cfg resolve FILE#KEY --ours', 'decide one; without arguments one after the other'],
        ['cfg merge --continue, --abort', 'finish, or have everything back as it was'],
        ['--strategy newest', 'decide all conflicts alike; per key in cfg.yaml under merge.strategies'],
      ],
    ],
  },
  {
    name: 'exit-codes',
    summary: 'what the exit code means',
    body: [
      [
        ['0', 'done'],
        ['1', 'the answer is no: invalid, conflicts, differences, key not found'],
        ['2', 'wrong usage'],
        ['3', 'refused by a rule: protected branch, validation gate, stale expectation'],
        ['4', 'the surroundings failed: no repository, I/O, lock held, remote unreachable'],
        ['70', 'a bug in cfg'],
        ['130', 'interrupted'],
      ],
      'An error goes to stderr as error: and hint: lines, with --json as {"error":{"code","message","hint","details"}}. CFG_DEBUG=1 adds the stack.',
    ],
  },
];
