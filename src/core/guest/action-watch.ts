import type { AgentClient } from './agent-client.js';

const LOOK_MS = 250;
/** The guest's init, which the agent has not started: it is asked as much of it, and knows as little. */
const NO_ACTION = 1;

/** An action that can be looked at. */
interface Watched {
  readonly hasExited: boolean;
  look(): Promise<void>;
}

/**
 * Looks at the guest's action of the moment, and asks as much when that is over, did not start, or has yet to: what the
 * recorder costs the guest is the same in all phases.
 */
export class ActionWatch {
  /** The action of the moment. */
  current: Watched | null = null;
  readonly #agent: AgentClient;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(agent: AgentClient) {
    this.#agent = agent;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#look()
        .catch(() => {}) // a silent agent tells later; one that forgot the process has told so
        .then(() => this.start());
    }, LOOK_MS).unref(); // the recording decides how long there is something to look at
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.current !== null && !this.current.hasExited) await this.current.look();
    else await this.#agent.request([STAND_IN], { priority: 'phase' });
  }
}

const STAND_IN = { execute: 'guest-exec-status', args: { pid: NO_ACTION } };
