/** What was typed into the first HTML's form before this program was there. */
let kept: URLSearchParams | null = null;
let hadFocus: string | null = null;

/** Reads the form, before it is taken away. */
export function readFirstForm(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>('form.add-static');
  if (!form) return;
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value) typed.set(name, value);
  }
  kept = typed.size > 0 ? typed : null;
  const focused = document.activeElement;
  hadFocus = focused instanceof HTMLInputElement && form.contains(focused) ? focused.name : null;
}

/** Those values, once. */
export function firstForm(): URLSearchParams | null {
  const values = kept;
  kept = null;
  return values;
}

/** Puts the cursor back where somebody was typing. */
export function refocusFirstForm(): void {
  if (hadFocus) document.getElementById(`add-${hadFocus}`)?.focus();
  hadFocus = null;
}
