import { resolve } from 'node:path';
import type { Plan } from '../config/plan.js';
import { startCommand } from './command-target.js';
import { observeMachine } from './machine-target.js';
import { attachToPid } from './pid-target.js';
import type { Target } from './target.js';

export interface OpenTargetOptions {
  readonly episodeId: string;
  /** The path of an artifact by its name. */
  artifact(name: string): string;
}

/** Takes hold of what the plan observes; a virtual machine has yet to be prepared. Throws TARGET_* errors. */
export async function openTarget(
  { target, baseDir }: Pick<Plan, 'target' | 'baseDir'>,
  { episodeId, artifact }: OpenTargetOptions,
): Promise<Target> {
  switch (target.type) {
    case 'pid':
      return attachToPid(target.pid, target.vm);
    case 'command':
      return startCommand({
        argv: target.argv,
        cwd: resolve(baseDir, target.cwd ?? '.'),
        env: target.env ?? {},
        vm: target.vm,
        episodeId,
        artifactStem: artifact('target'),
      });
    case 'machine':
      return observeMachine();
    case 'qemu':
      // what only a virtual machine needs is loaded for one alone
      return new (await import('./qemu-target.js')).QemuTarget({ planned: target, episodeId, artifact });
  }
}
