import { Panels } from '../manage/panels.svelte';

/** "add" stands under the category that the new one will be under, or at the top of a kind. */
export const panels = new Panels<'edit' | 'add' | 'merge' | 'delete'>();
