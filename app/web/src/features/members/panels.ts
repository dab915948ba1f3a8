import { Panels } from '../manage/panels.svelte';

export const panels = new Panels<'remove' | 'lower' | 'leave' | 'reset'>();
