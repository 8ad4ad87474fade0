import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { kill } from 'node:process';
import type { Io } from '../io.js';

/** How a program ended. */
export interface Ending {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
}

/** A program that runs, with all that it started. */
export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** To the program itself; those it started hear nothing. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Ends it and all that it started: asks with SIGTERM, and after `graceMs` makes them. Resolves when none is left. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Ends them at once. */
  readonly kill: () => void;
}

export interface ProgramOptions {
  readonly io: Io;
  readonly cwd: string;
  /** Its output goes to standard error, since something else is printed on standard output. */
  readonly toStderr: boolean;
}

const pollMs = 20;
const killMs = 2_000;

/**
 * Starts a command with the shell, in a process group of its own: so a signal reaches all that it started, and Ctrl-C is the
 * caller's to pass on. It has no standard input.
 */
export function startProgram(command: string, { io, cwd, toStderr }: ProgramOptions): Program {
  const child = spawn(command, {
    shell: true,
    detached: true,
    cwd,
    env: { ...io.env },
    stdio: ['ignore', toStderr ? 2 : 'inherit', 'inherit'],
  });
  const pid = child.pid ?? 0;
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  return {
    pid,
    ended,
    signal: (signal) => void child.kill(signal),
    stop: (graceMs) => stopGroup(pid, graceMs),
    kill: () => void signalGroup(pid, 'SIGKILL'),
  };
}

async function stopGroup(pid: number, graceMs: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;
  const end = performance.now() + graceMs;
  for (let isKilled = false; isAlive(pid);) {
    const isLate = performance.now() > end;
    // What survives SIGKILL is held by the system, and no signal will help.
    if (isLate && isKilled && performance.now() > end + killMs) return;
    if (isLate) isKilled = signalGroup(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/**
 * Whether a process of the group still runs. The dead ones whose parent has not asked for their exit code do not: in a container without
 * an init they stay for ever.
 */
function isAlive(pid: number): boolean {
  if (!signalGroup(pid, 0)) return false;
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isRunning(name, pid));
  } catch {
    // No such folder but on Linux.
    return true;
  }
}

/** proc(5), /proc/pid/stat: `pid (name) state parent group …`; the name may have any characters in it. */
function isRunning(name: string, group: number): boolean {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1');
    const [state = '', , pgrp] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(pgrp) === group && !'ZX'.includes(state);
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** Whether there was a process in the group; signal 0 only asks. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid === 0) return false;
  try {
    kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: what is left belongs to somebody else, and is not ours to end.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false;
    throw error;
  }
}
