import { describe, expect, it } from 'vitest';
import { isConfigFile, parseSettings } from '../../src/settings/index.js';

describe('root', () => {
  it('puts every path and glob of the settings under the folder', () => {
    const settings = parseSettings(`root: deploy/config/
files: ["*.yaml", "!old/**"]
schemas: [{ files: "a/*.yaml", schema: s.json }]
rules: { yaml-boolean: { level: off, except: "x.yaml#a" } }
branches: { main: { protection: basic } }
merge:
  lists: [{ at: "**#hosts", set: true }]
  strategies: [{ at: "b.yaml#c", use: ours }]
stacks:
  app:
    schema: app.json
    lists: [{ at: hosts, use: append }]
    layers:
      - base.yaml
      - conf.d/
      - "{a,b}.yaml"
      - env:APP_
      - git:v1:old.yaml
      - https://h/a.yaml
      - { failover: ["\${env}.yaml"] }
`);
    expect(settings).toMatchObject({
      root: 'deploy/config',
      files: ['deploy/config/*.yaml', '!deploy/config/old/**'],
      schemas: [{ files: 'deploy/config/a/*.yaml', schema: 'deploy/config/s.json' }],
      branches: [{ pattern: 'main' }],
      merge: {
        lists: [{ at: 'deploy/config/**#hosts' }],
        strategies: [{ at: 'deploy/config/b.yaml#c' }],
      },
    });
    expect(settings.rules.get('yaml-boolean')?.except).toEqual(['deploy/config/x.yaml#a']);
    const inside = 'deploy/config/';
    expect(settings.stacks.get('app')).toMatchObject({
      schema: 'deploy/config/app.json',
      lists: [{ at: 'hosts' }],
      layers: [
        { text: 'base.yaml', path: [inside, 'base.yaml'] },
        { path: [inside, 'conf.d'] },
        { path: [inside, '{a,b}.yaml'] },
        { prefix: ['APP_'] },
        { revision: ['v1'], path: [inside, 'old.yaml'] },
        { url: ['https://h/a.yaml'] },
        { layers: [{ path: [inside, { variable: 'env' }, '.yaml'] }] },
      ],
    });
  });

  it.each([
    ['root: conf\n', ['cfg.yaml', 'conf/a.yaml', 'conf/b/c.ini']],
    ['root: conf\nfiles: "*.yaml"\n', ['conf/a.yaml']],
  ])('%j says what is configuration', (text, expected) => {
    const settings = parseSettings(text);
    const paths = ['cfg.yaml', 'a.yaml', 'conf/a.yaml', 'conf/b/c.ini', 'conf/x.txt', 'other/conf/a.yaml'];
    expect(paths.filter((path) => isConfigFile(settings, path))).toEqual(expected);
  });

  it.each(['..', '.', '/etc', 'a//b', 'a/../b', 'a/*', '"a#b"', '""', '[a]'])('is no %s', (folder) => {
    expect(() => parseSettings(`root: ${folder}\n`)).toThrow(/^cfg\.yaml:1:7: 'root' must be /);
  });
});
