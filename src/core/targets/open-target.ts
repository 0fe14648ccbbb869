import { resolve } from 'node:path';
import type { Plan } from '../config/plan.js';
import { startCommand } from './command-target.js';
import { observeMachine } from './machine-target.js';
import { attachToPid } from './pid-target.js';
import type { Target } from './target.js';

/** Takes hold of what the plan observes. Throws TARGET_* errors. */
export async function openTarget(
  { target, baseDir }: Pick<Plan, 'target' | 'baseDir'>,
  episodeId: string,
  artifactStem: string,
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
        artifactStem,
      });
    case 'machine':
      return observeMachine();
  }
}
