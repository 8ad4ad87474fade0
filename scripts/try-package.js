/**
 * Packs the package as it is built, installs it in an empty folder as a user would, and tries the command, the library and the manual
 * page there. Usage: node scripts/try-package.js
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cfg-package-'));
const maxInstalledMb = 13;

function run(command, args, cwd = folder) {
  const env = {
    ...process.env,
    TMPDIR: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
  };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', timeout: 180_000 });
}

const use = `
import { parseDocument, mergeDocuments, loadConfig } from 'cfgit';
const { text } = mergeDocuments({ path: 'a.yaml', base: 'a: 1\\nb: 1\\n', ours: 'a: 2\\nb: 1\\n', theirs: 'a: 1\\nb: 2\\n' });
console.log(JSON.stringify([parseDocument('a: 1').valid, text, (await loadConfig({ layers: ['a.yaml'] })).get('name')]));
`;

try {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--omit=dev', `./${filename}`]);

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(run('npx', ['--no-install', 'cfg', '--version']), `${version}\n`);
  writeFileSync(join(folder, 'a.yaml'), 'name: Zoë\n');
  run('git', ['init', '-q', '-b', 'main']);
  assert.equal(run('npx', ['--no-install', 'cfg', 'get', 'a.yaml#name']), 'Zoë\n');
  assert.match(run('npx', ['--no-install', 'cfg', 'demo']), /git fsck --strict/);

  writeFileSync(join(folder, 'use.js'), use);
  assert.deepEqual(JSON.parse(run('node', ['use.js'])), [true, 'a: 2\nb: 2\n', 'Zoë']);
  for (const file of ['man/cfg.1', 'schemas/cfg.schema.json'])
    assert.ok(existsSync(join(folder, 'node_modules/cfgit', file)), file);

  const kilobytes = Number(run('du', ['-sk', 'node_modules']).split('\t')[0]);
  assert.ok(
    kilobytes < maxInstalledMb * 1024,
    `${kilobytes} KB are installed, more than ${maxInstalledMb} MB`,
  );
  console.log(`installed and tried: cfgit ${version}, ${kilobytes} KB with its dependencies`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
