import { QuickInputButtons, window, type QuickPickItem } from 'vscode';

export interface Step<T extends QuickPickItem> {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
  readonly placeholder: string;
  readonly items: readonly T[] | Promise<readonly T[]>;
}

/** Lets the user pick in one of several steps: the item; `'back'` for the step before; undefined to give up. */
export function pickStep<T extends QuickPickItem>(step: Step<T>): Promise<T | 'back' | undefined> {
  const picker = window.createQuickPick<T>();
  Object.assign(picker, { title: step.title, step: step.step, totalSteps: step.steps });
  picker.placeholder = step.placeholder;
  picker.matchOnDescription = true;
  picker.ignoreFocusOut = true;
  if (step.step > 1) picker.buttons = [QuickInputButtons.Back];
  return new Promise<T | 'back' | undefined>((resolve, reject) => {
    picker.onDidAccept(() => picker.selectedItems[0] && resolve(picker.selectedItems[0]));
    picker.onDidTriggerButton(() => resolve('back'));
    picker.onDidHide(() => resolve(undefined));
    picker.busy = true;
    picker.show();
    Promise.resolve(step.items).then((items) => {
      picker.items = items;
      picker.busy = false;
    }, reject);
  }).finally(() => picker.dispose());
}
