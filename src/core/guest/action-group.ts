import type { AgentClient } from './agent-client.js';
import { GuestFiles } from './guest-files.js';
import { runInGuest } from './run-in-guest.js';

/** One process of the guest, with all that came of it. */
export interface ActionGroup {
  /** Shell text by which a process enters the group; `$0` names its action. */
  readonly enter: string;
  /** Asks all members to end; `pid` is the process that entered. Throws AGENT_* errors, like the rest. */
  terminate(action: string, pid: number): Promise<void>;
  kill(action: string, pid: number): Promise<void>;
  isEmpty(action: string, pid: number): Promise<boolean>;
}

/** Makes the place where actions run, the same for all of them: one is over before the next begins. */
export async function createActionGroup(agent: AgentClient): Promise<ActionGroup> {
  for (const folder of CGROUPS) {
    const { code } = await runInGuest(agent, `[ -f ${folder}/cgroup.controllers ] && mkdir -p ${folder}/cis490`);
    if (code === 0) return new ControlGroup(agent, `${folder}/cis490`);
  }
  return new MarkedProcesses(agent);
}

/** Where cgroup v2 is mounted: alone, or beside v1 (systemd's hybrid mode). */
const CGROUPS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];

/**
 * A control group (cgroup v2): nothing leaves it by forking, a session of its own or a changed environment. Looking at
 * it takes no process in the guest.
 */
class ControlGroup implements ActionGroup {
  readonly enter: string;
  readonly #agent: AgentClient;
  readonly #folder: string;
  readonly #procs: GuestFiles;

  constructor(agent: AgentClient, folder: string) {
    this.#agent = agent;
    this.#folder = folder;
    this.enter = `echo $$ >${folder}/cgroup.procs`;
    this.#procs = new GuestFiles(agent, [{ path: `${folder}/cgroup.procs`, optional: true }], 'phase');
  }

  async terminate(): Promise<void> {
    const toAll = (signal: string) => this.#toEach(`kill -${signal} "$p"`);
    // a stopped process can't act on SIGTERM
    await runInGuest(this.#agent, `${toAll('TERM')} 2>/dev/null; ${toAll('CONT')} 2>/dev/null`);
  }

  /** By the kernel at once (Linux 5.14), so that no fork escapes; else one by one. */
  async kill(): Promise<void> {
    await runInGuest(this.#agent, `echo 1 >${this.#folder}/cgroup.kill || ${this.#toEach('kill -KILL "$p"')}`);
  }

  /**
   * A process that dies while the list is read stands there as 0, in a fork storm in one list of twenty; and "kill 0" is
   * for the sender's own process group, which is the agent's.
   */
  #toEach(command: string): string {
    return `while read -r p; do [ "$p" = 0 ] || ${command}; done <${this.#folder}/cgroup.procs`;
  }

  async isEmpty(): Promise<boolean> {
    const { contents } = await this.#procs.read();
    return contents[0]!.bytes?.length === 0;
  }
}

/** Without cgroup v2: a process group, and whatever carries the action's name in its environment. */
class MarkedProcesses implements ActionGroup {
  /**
   * The shell becomes the leader of a session where the guest has setsid; it is no leader yet, so its pid stays. The
   * action's name stays in its command line until the program itself is executed: by that its start is seen.
   */
  readonly enter = `if command -v setsid >/dev/null; then set -- setsid sh -c 'exec "$@"' "$0" "$@"; fi`;
  readonly #agent: AgentClient;

  constructor(agent: AgentClient) {
    this.#agent = agent;
  }

  async terminate(action: string, pid: number): Promise<void> {
    await this.#toMembers('kill -TERM $m 2>/dev/null; kill -CONT $m 2>/dev/null', action, pid);
  }

  async kill(action: string, pid: number): Promise<void> {
    await this.#toMembers('kill -KILL $m 2>/dev/null', action, pid);
  }

  async isEmpty(action: string, pid: number): Promise<boolean> {
    const { stdout } = await this.#toMembers('echo "members:$m"', action, pid);
    return stdout.trim() === 'members:';
  }

  /**
   * Runs a command with `$m`, the members' pids. The shell alone looks for them: programs for each process would take
   * longer than a phase. Its `read` leaves out the zeros between variables. Kernel threads descend from 2.
   */
  #toMembers(command: string, action: string, pid: number) {
    return runInGuest(
      this.#agent,
      `is_marked() {
  while IFS= read -r e || [ -n "$e" ]; do case $e in *"CIS490_ACTION=$2"*) return 0 ;; esac; done <"/proc/$1/environ"
  return 1
}
m=
for s in /proc/[0-9]*/stat; do
  { read -r line <"$s"; } 2>/dev/null || continue
  p=\${s#/proc/}; p=\${p%/stat}; rest=\${line##*) }; set -- "$1" "$2" $rest
  [ "$3" = Z ] || [ "$4" = 2 ] && continue
  [ "$5" = "$2" ] || is_marked "$p" "$1" 2>/dev/null || continue
  m="$m $p"
done
m=\${m# }; ${command}`,
      [action, String(pid)],
    );
  }
}
