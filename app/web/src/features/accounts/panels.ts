import { Panels } from '../manage/panels.svelte';

export const panels = new Panels<'edit' | 'add' | 'used'>();
