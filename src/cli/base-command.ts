import { Command, Flags } from '@oclif/core';
import { Interrupted } from '../core/episode/interruption.js';
import { CisError } from '../core/errors/cis-error.js';
import { EXIT } from '../core/errors/error-table.js';
import { printJson } from '../core/json/exact-json.js';
import { surviveBrokenPipes } from './broken-pipes.js';
import { paragraph, sanitize } from './sanitize.js';

/**
 * What all commands share: `--json`, results on stdout, talk on stderr, and how an error looks. oclif's own JSON mode
 * turns exit codes into 1 and prints nothing for a falsy result, so this one is ours.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'Print the result as one JSON document on stdout.', helpGroup: 'GLOBAL' }),
  };

  override async init(): Promise<void> {
    surviveBrokenPipes();
    await super.init();
  }

  /** Prints the result: the document with --json, else the text. Whatever is in it acts on no terminal. */
  protected finish(result: unknown, text: string, exitCode: number = EXIT.ok): void {
    process.exitCode = exitCode;
    const shown = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    process.stdout.write(this.wantsJson ? printJson(result) : sanitize(shown));
  }

  /** For the person at the terminal. */
  protected say(line: string): void {
    process.stderr.write(`${sanitize(line)}\n`);
  }

  protected get wantsJson(): boolean {
    const end = this.argv.indexOf('--');
    return (end < 0 ? this.argv : this.argv.slice(0, end)).includes('--json');
  }

  /** Expected errors are a sentence, unexpected ones keep their stack. */
  override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error.oclif?.exit === EXIT.ok) return; // --help
    const { code, message, hint, problems, exitCode } = explain(error);
    process.exitCode = exitCode;
    if (this.wantsJson)
      process.stdout.write(printJson({ error: { code, message, problems, hint, exit_code: exitCode } }));
    this.say(paragraph(`Error: ${message}`));
    for (const problem of problems) this.say(paragraph(`  - ${problem}`));
    if (hint !== '') this.say(paragraph(`  ${hint}`));
  }
}

interface Explained {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly problems: readonly string[];
  readonly exitCode: number;
}

/** oclif sets its words in several lines, with tabs. */
function sentenceOf(message: string): string {
  return message
    .replace(/^The following errors? occurred:\s+/, '')
    .replace(/^(Parsing \S+)\s*\n\s*/, '$1: ')
    .replace(/\s*\n\s*/g, '; ');
}

function explain(error: Error & { oclif?: { exit?: number } }): Explained {
  if (error instanceof CisError) return error;
  if (error instanceof Interrupted) {
    return {
      code: 'INTERRUPTED',
      message: error.message,
      hint: '',
      problems: [],
      exitCode: error.exitCode,
    };
  }
  if (error.oclif !== undefined) {
    return {
      code: 'USAGE',
      message: sentenceOf(error.message.split('\nSee more help')[0]!),
      hint: 'Run the command with --help.',
      problems: [],
      exitCode: EXIT.usage,
    };
  }
  return {
    code: 'UNEXPECTED',
    message: error.stack ?? String(error),
    hint: 'This is a defect of cis490: please report it with the lines above.',
    problems: [],
    exitCode: EXIT.failed,
  };
}
