import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { diagnose } from '../language/diagnose';
import { ConfigDocument } from '../language/document';
import type { Surroundings } from '../language/surroundings';
import { filesOf, type ConfigFiles } from './files';
import { findSurroundings, type Finders } from './find-surroundings';

/** A config of the workspace, open in the editor or not. */
export interface Config {
  readonly files: ConfigFiles;
  document: ConfigDocument;
  around: Surroundings;
  isOpen: boolean;
}

/** Keys that come in one go, as from a paste or a held key, are checked once; checking takes a few milliseconds. */
const DELAY_MS = 15;
/** The model is looked at when typing pauses. */
const LOOK_MS = 250;

/** The configs of the workspace: keeps them parsed, and tells the editor what is wrong with them. */
export class Configs {
  private readonly configs = new Map<string, Config>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly looks = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly connection: Connection,
    private readonly finders: () => Finders,
    private readonly home: () => string | undefined,
    private readonly onChange: () => void,
  ) {}

  get(uri: string): Config | undefined {
    return this.configs.get(uri);
  }

  open(uri: string, text: string, version: number): void {
    this.put(uri, text, version, true);
    this.publish(uri);
    this.look(uri, 0);
  }

  change(uri: string, changes: TextDocumentContentChangeEvent[], version: number): void {
    const config = this.configs.get(uri);
    if (!config) return;
    const text = TextDocument.update(config.document.text, changes, version);
    config.document = new ConfigDocument(text, config.document);
    // What was found out of the text before may no longer hold.
    const { outlook: _, missing: __, ...rest } = config.around;
    config.around = rest;
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => this.publish(uri), DELAY_MS),
    );
    this.look(uri, LOOK_MS);
  }

  /** A config that is closed is checked as it is on disk. */
  async close(uri: string): Promise<void> {
    const config = this.configs.get(uri);
    if (config) config.isOpen = false;
    await this.reload(uri);
  }

  /** Reads a config that is not open. */
  async reload(uri: string): Promise<void> {
    if (this.configs.get(uri)?.isOpen) return;
    const text = await filesOf(uri, this.connection).read();
    if (this.configs.get(uri)?.isOpen) return;
    if (text === undefined) return this.forget(uri);
    this.put(uri, text, 0, false);
    this.publish(uri);
    this.look(uri, 0);
  }

  /** Looks again at what every config names. */
  refresh(): void {
    for (const uri of this.configs.keys()) this.look(uri, LOOK_MS);
  }

  dispose(): void {
    for (const timer of [...this.timers.values(), ...this.looks.values()]) clearTimeout(timer);
  }

  private put(uri: string, text: string, version: number, isOpen: boolean): void {
    const old = this.configs.get(uri);
    this.configs.set(uri, {
      files: old?.files ?? filesOf(uri, this.connection),
      document: new ConfigDocument(TextDocument.create(uri, 'pocketflow', version, text), old?.document),
      around: old?.around ?? {},
      isOpen,
    });
  }

  private forget(uri: string): void {
    this.configs.delete(uri);
    clearTimeout(this.timers.get(uri));
    clearTimeout(this.looks.get(uri));
    void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  private publish(uri: string): void {
    const config = this.configs.get(uri);
    if (!config) return;
    const { document, around, isOpen } = config;
    const diagnostics = diagnose(document, around, this.home());
    void this.connection.sendDiagnostics({ uri, diagnostics, ...(isOpen && { version: document.text.version }) });
  }

  private look(uri: string, delay: number): void {
    clearTimeout(this.looks.get(uri));
    this.looks.set(
      uri,
      setTimeout(() => {
        this.lookAround(uri).catch((error: unknown) => this.connection.console.error(String(error)));
      }, delay),
    );
  }

  private async lookAround(uri: string): Promise<void> {
    const config = this.configs.get(uri);
    if (!config) return;
    const { document } = config;
    const around = await findSurroundings(document, config.files, config.around, this.finders());
    // The text has changed in the meantime, and is being looked at in its turn.
    if (this.configs.get(uri)?.document !== document) return;
    config.around = around;
    this.publish(uri);
    this.onChange();
  }
}
