/** A key pressed once more, where the focus is now, with what a browser does with it by itself. */
type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>;

const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex]';
const PRESSABLE = 'button, a[href], summary, [type=checkbox], [type=radio]';

export function pressAgain({ key, code, shiftKey }: Pressed): void {
  const target = document.activeElement ?? document.body;
  const again = new KeyboardEvent('keydown', {
    key,
    code,
    shiftKey,
    bubbles: true,
    cancelable: true,
  });
  // Whoever heard it and took it has done what there was to do.
  if (!target.dispatchEvent(again)) return;
  if (key === 'Tab') goOn(target, shiftKey ? -1 : 1);
  else if (isText(target)) type(target, key);
  else if ((key === 'Enter' || key === ' ') && target.matches(PRESSABLE)) {
    (target as HTMLElement).click();
  }
}

function isText(target: Element): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.selectionStart !== null;
}

function type(field: HTMLInputElement | HTMLTextAreaElement, key: string): void {
  const from = field.selectionStart ?? 0;
  const to = field.selectionEnd ?? from;
  if (key === 'Enter' && field instanceof HTMLInputElement) field.form?.requestSubmit();
  else if (key === 'Backspace') put(field, '', from === to ? Math.max(0, from - 1) : from, to);
  else if ([...key].length === 1) put(field, key, from, to);
}

function put(
  field: HTMLInputElement | HTMLTextAreaElement,
  text: string,
  from: number,
  to: number,
): void {
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text || null }));
}

/** To the next element that Tab reaches, or the one before. */
function goOn(from: Element, by: 1 | -1): void {
  const side = by === 1 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const there = [...document.querySelectorAll<HTMLElement>(REACHED)].filter(
    (one) =>
      one.tabIndex >= 0 &&
      one.getClientRects().length > 0 &&
      from.compareDocumentPosition(one) & side,
  );
  there.at(by === 1 ? 0 : -1)?.focus();
}
