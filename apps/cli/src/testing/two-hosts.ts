import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mpi } from '../../../../tools/mpi-jobs.js';

/** The address of each host on the link. */
const addresses = ['10.77.0.1', '10.77.0.2'];
const names = addresses.map((_, i) => `tgan-${process.pid}-${i + 1}`);

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });

/** Whether this user may make network namespaces here. */
export function canMakeHosts(): boolean {
  const name = `tgan-${process.pid}-try`;
  const made = spawnSync('ip', ['netns', 'add', name]).status === 0;
  if (made) ip('netns', 'del', name);
  return made;
}

/** Two hosts with a link between them: network namespaces with names of their own. */
export class TwoHosts {
  /** Stands in for ssh. */
  readonly #agent: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tgan-hosts-'));

  constructor() {
    for (const name of names) ip('netns', 'add', name);
    const [[first, second], [here, there]] = [names, ['here', 'there']];
    ip('link', 'add', here, 'netns', first, 'type', 'veth', 'peer', 'name', there, 'netns', second);
    for (const [i, link] of [here, there].entries()) {
      ip('-n', names[i], 'addr', 'add', `${addresses[i]}/24`, 'dev', link);
      ip('-n', names[i], 'link', 'set', 'lo', 'up');
      ip('-n', names[i], 'link', 'set', link, 'up');
    }
    this.#agent = join(this.#folder, 'agent.sh');
    const agent = `#!/bin/sh
# FLAGS HOST COMMAND...
while [ "\${1#-}" != "$1" ]; do shift; done
name=${second}
[ "$1" = ${addresses[0]} ] && name=${first}
shift
exec ip netns exec $name unshare --uts sh -c "hostname $name; $*"
`;
    writeFileSync(this.#agent, agent, { mode: 0o755 });
  }

  /** A launcher on the first host, whose ranks are on both hosts by turns. */
  launcherOf({ name, launcher }: Mpi): Mpi {
    const [first] = names;
    const rename = ['unshare', '--uts', 'sh', '-c', `hostname ${first}; exec "$0" "$@"`];
    const onFirst = ['ip', 'netns', 'exec', first, ...rename];
    // All that processes of different hosts have in common is the link.
    const flags = {
      'Open MPI': [
        ...['--mca', 'plm_rsh_agent', this.#agent, '--mca', 'pml', 'ob1', '--mca', 'btl'],
        ...['tcp,self', '--map-by', 'node', '--host', addresses.map((host) => `${host}:2`).join()],
      ],
      MPICH: ['-launcher', 'ssh', '-launcher-exec', this.#agent, '-hosts', addresses.join()],
    }[name];
    return { name, launcher: [...onFirst, 'env', 'UCX_TLS=tcp,self', ...launcher, ...flags] };
  }

  /** Cuts the link, or mends it. */
  setLink(state: 'up' | 'down'): void {
    ip('-n', names[1], 'link', 'set', 'there', state);
  }

  remove(): void {
    for (const name of names) ip('netns', 'del', name);
    rmSync(this.#folder, { recursive: true });
  }
}

/** The processes of a job, by rank. A word of their command tells them from others. */
export function rankProcesses(word: string): Map<number, number> {
  const found = readdirSync('/proc').flatMap((pid): [number, number][] => {
    const [environment, command] = ['environ', 'cmdline'].map((file) => readWords(pid, file));
    if (!command.includes(word)) return [];
    const rank = environment.map((one) => /^(OMPI_COMM_WORLD|PMI)_RANK=(\d+)$/.exec(one)?.[2]);
    return rank.filter((one) => one !== undefined).map((one) => [Number(one), Number(pid)]);
  });
  return new Map(found);
}

function readWords(pid: string, file: string): string[] {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8').split('\0');
  } catch {
    return []; // no process, or one that has ended
  }
}
