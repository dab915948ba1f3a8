import './styles/index.css';

import { mount } from 'svelte';

import { readFirstForm } from './features/add/first';
import { learn, speak } from './lib/i18n.svelte';
import { choices } from './state/settings.svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) {
  await speak(choices.language);
  readFirstForm(target);
  target.replaceChildren();
  mount(App, { target });
  if (import.meta.env.PROD) whenIdle(startBackground);
  // What is opened next may need more words than the first page.
  for (const type of ['pointerdown', 'keydown']) {
    addEventListener(type, () => void learn().catch(() => undefined), { once: true });
  }
}

/** After the first page is there. */
function whenIdle(work: () => Promise<void>): void {
  const begin = () => setTimeout(() => void work().catch(() => undefined), 500);
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}

async function startBackground(): Promise<void> {
  (await import('./features/shell/background.svelte')).startBackground(import.meta.url);
}
