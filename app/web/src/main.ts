import './styles/index.css';

import { mount } from 'svelte';

import { readFirstForm } from './features/add/first';
import { speak } from './lib/i18n.svelte';
import { choices } from './state/settings.svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) {
  await speak(choices.language);
  readFirstForm(target);
  target.replaceChildren();
  mount(App, { target });
}
