#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/index.js', import.meta.url);
if (existsSync(entry)) {
  const { main, processIo } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2), processIo());
} else {
  process.stderr.write('error: cfg is not built\nhint: run npm run build in its folder\n');
  process.exitCode = 4;
}
