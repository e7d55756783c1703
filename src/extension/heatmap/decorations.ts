import {
  ColorThemeKind,
  DecorationRangeBehavior,
  MarkdownString,
  OverviewRulerLane,
  Range,
  ThemeColor,
  window,
  type DecorationOptions,
  type Disposable,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { commandIds } from '../ids';
import type { Heat, Mark } from './marks';
import { colorsOf, LEVELS } from '../../runs/palette';

/** How opaque a tint is: text on it stays readable in light, dark and high-contrast themes. */
const TINT = '40';

/** Draws heat into editors: a decoration type for each level, so that a redraw is a call for each, however many lines. */
export class HeatDecorations implements Disposable {
  private readonly levels = Array.from({ length: LEVELS }, (_, level) => tint(level));
  private readonly plain = window.createTextEditorDecorationType({
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });

  /** @param origin Markdown: which run it is of. */
  draw(editor: TextEditor, { marks, summary }: Heat, origin: string): void {
    const options = (mark: Mark): DecorationOptions[] => optionsOf(editor, mark, origin);
    this.levels.forEach((type, level) =>
      editor.setDecorations(type, marks.filter((mark) => mark.level === level).flatMap(options)),
    );
    editor.setDecorations(this.plain, summary ? options(summary) : []);
  }

  clear(editor: TextEditor): void {
    for (const type of [...this.levels, this.plain]) editor.setDecorations(type, []);
  }

  dispose(): void {
    for (const type of [...this.levels, this.plain]) type.dispose();
  }
}

function tint(level: number): TextEditorDecorationType {
  const { dark, light } = colorsOf(level);
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    overviewRulerLane: OverviewRulerLane.Center,
    dark: { backgroundColor: `${dark}${TINT}`, overviewRulerColor: dark },
    light: { backgroundColor: `${light}${TINT}`, overviewRulerColor: light },
  });
}

function optionsOf(editor: TextEditor, { line, text, hover }: Mark, origin: string): DecorationOptions[] {
  // Typing may have shortened the text since it was looked at.
  if (line >= editor.document.lineCount) return [];
  const hoverMessage = new MarkdownString(`${hover}\n\n${origin}\n\n${legend()}`);
  hoverMessage.supportHtml = true;
  hoverMessage.isTrusted = { enabledCommands: [commandIds.toggleHeatmap, commandIds.showResult] };
  const { range } = editor.document.lineAt(line);
  const after = { contentText: text, margin: '0 0 0 3ch', color: new ThemeColor('descriptionForeground') };
  return [{ range: new Range(range.start, range.end), hoverMessage, renderOptions: { after } }];
}

function legend(): string {
  const { kind } = window.activeColorTheme;
  const onLight = kind === ColorThemeKind.Light || kind === ColorThemeKind.HighContrastLight;
  const swatches = Array.from({ length: LEVELS }, (_, level) => {
    const color = colorsOf(level)[onLight ? 'light' : 'dark'];
    return `<span style="background-color:${color};">&nbsp;&nbsp;&nbsp;</span>`;
  });
  return `all left ${swatches.join('')} little left · [Turn off](command:${commandIds.toggleHeatmap})`;
}
