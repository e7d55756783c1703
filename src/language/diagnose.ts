import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import { documentationOf } from '../config/diagnostic-codes';
import { problemAt, type ConfigProblem, type Finding } from '../config/problem';
import { checkModel } from './check-model';
import type { ConfigDocument } from './document';
import type { Surroundings } from './surroundings';

/** Everything that is wrong with a config, in the order of the text: as YAML, as a config, with its model and its files. */
export function problemsOf(document: ConfigDocument, around: Surroundings = {}): readonly ConfigProblem[] {
  const { problems, config } = document.check;
  const further: readonly Finding[] = config ? [...checkModel(config, around), ...(around.missing ?? [])] : [];
  if (further.length === 0) return problems;
  return [...problems, ...further.map((finding) => problemAt(finding, document.locate(finding.path, finding.at)))].sort(
    (a, b) => a.range.start.offset - b.range.start.offset,
  );
}

/** The problems as an editor shows them; `home` is the address of the product's folder, where codes are explained. */
export function diagnose(document: ConfigDocument, around: Surroundings = {}, home?: string): Diagnostic[] {
  return problemsOf(document, around).map((problem) => toDiagnostic(document, problem, home));
}

export function toDiagnostic(document: ConfigDocument, problem: ConfigProblem, home?: string): Diagnostic {
  const { range, message, code, severity } = problem;
  return {
    range: document.range({ start: range.start.offset, end: range.end.offset }),
    message,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: 'PocketFlow',
    code,
    ...(home !== undefined && { codeDescription: { href: `${home}/${documentationOf(code)}` } }),
  };
}
