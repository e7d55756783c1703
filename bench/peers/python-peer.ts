import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A peer in Python that answers each line with a line of JSON. It sleeps between questions, so both can take turns. */
export class PythonPeer {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly answers: AsyncIterator<string, undefined>;

  constructor(python: string, script: string, args: readonly string[]) {
    this.process = spawn(python, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** The next answer; with a question, that question's. */
  async ask<T>(question?: string): Promise<T> {
    if (question !== undefined) this.process.stdin.write(`${question}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error('the Python peer ended early: see its message above');
    return JSON.parse(value) as T;
  }

  close(): void {
    this.process.stdin.end();
  }
}
