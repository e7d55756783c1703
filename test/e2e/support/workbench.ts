import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CodeServer } from './code-server';
import { outputPath } from './paths';
import { savedEditors } from './saved-editors.mjs';
import { workbenchUrl } from './workbench-url';

/** A window of the editor, driven as a person would. */
export class Workbench {
  private constructor(readonly page: Page) {}

  static async open(browser: Browser, server: CodeServer): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    // It is there for what never comes, not for what a busy machine slows down.
    page.setDefaultTimeout(90_000);
    const workbench = new Workbench(page);
    await page.goto(workbenchUrl(server));
    await workbench.ready();
    return workbench;
  }

  /**
   * Reloads the window once the editor has saved what is open. In a browser it does so every five seconds only, and not
   * as it goes.
   * @param kept Words that must be in what has been saved of the open editors.
   */
  async reload(...kept: readonly string[]): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(savedEditors), { timeout: 30_000, message: 'what the editor has saved' })
      .toSatisfy((saved: string) => kept.every((word) => saved.includes(word)));
    await this.page.reload();
    await this.ready();
  }

  async openFile(name: string): Promise<void> {
    if (!(await this.page.locator('.explorer-folders-view').isVisible())) {
      await this.command('View: Show Explorer');
    }
    await this.page.locator('.explorer-folders-view').getByText(name, { exact: true }).dblclick();
    await this.page.locator('.tab.active').filter({ hasText: name }).first().waitFor();
  }

  /** Runs a command from the palette. */
  async command(title: string): Promise<void> {
    // The palette keeps the list that it opened with; while the editor starts, some commands come a little later.
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await this.page.keyboard.press('Escape')) {
      await this.searchCommands(title);
      const clicked = await this.commandEntry(title)
        .click({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
      if (clicked) return;
    }
    throw new Error(`the palette does not offer ${title}`);
  }

  /** Opens the view of runs in the side bar and answers with its rows. */
  async runs(): Promise<Locator> {
    await this.command('PocketFlow: Focus on Runs View');
    return this.page.locator('.pane-body .monaco-list[aria-label^="Runs"] .monaco-list-row');
  }

  /** Takes an entry of the quick pick that is open. */
  async pick(text: string | RegExp): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first().click();
  }

  /** Whether the palette offers a command here. */
  async offers(title: string): Promise<boolean> {
    await this.searchCommands(title);
    // One row at least, if only to say that nothing was found.
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const found = await this.commandEntry(title)
      .waitFor({ timeout: 2000 })
      .then(
        () => true,
        () => false,
      );
    await this.page.keyboard.press('Escape');
    return found;
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** The content of the webview that can be seen; there must be one only. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(outputPath, `${name}.png`) });
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
  }

  private async searchCommands(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').fill(`>${title}`);
  }

  private commandEntry(title: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  }
}
