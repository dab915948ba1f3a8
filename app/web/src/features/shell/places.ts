import { t } from '../../lib/i18n.svelte';
import type { IconName } from '../../ui/Icon.svelte';

export interface Place {
  path: string;
  label: string;
  icon: IconName;
  /**
   * Where it is shown: in the desktop's side bar and the phone's bottom bar, in one of them, or at
   * the foot of the side bar. What is not in the bottom bar is on the page /more.
   */
  where: 'both' | 'side' | 'dock' | 'foot';
}

/** Every place of the app in its order. */
export function places(canWrite: boolean): Place[] {
  const all: Place[] = [
    { path: '/', label: t('nav.home'), icon: 'home', where: 'both' },
    { path: '/expenses', label: t('nav.list'), icon: 'list', where: 'both' },
    { path: '/add', label: t('nav.add'), icon: 'add', where: 'dock' },
    { path: '/import', label: t('nav.import'), icon: 'import', where: 'both' },
    { path: '/export', label: t('nav.export'), icon: 'export', where: 'side' },
    { path: '/categories', label: t('nav.categories'), icon: 'categories', where: 'side' },
    { path: '/accounts', label: t('nav.accounts'), icon: 'accounts', where: 'side' },
    { path: '/tags', label: t('nav.tags'), icon: 'tags', where: 'side' },
    { path: '/members', label: t('nav.members'), icon: 'members', where: 'side' },
    { path: '/history', label: t('nav.history'), icon: 'history', where: 'side' },
    { path: '/ledger', label: t('nav.ledger'), icon: 'settings', where: 'side' },
    { path: '/me', label: t('nav.me'), icon: 'person', where: 'foot' },
    { path: '/more', label: t('nav.more'), icon: 'menu', where: 'dock' },
  ];
  const writing = ['/add', '/import'];
  return all.filter((place) => canWrite || !writing.includes(place.path));
}

/** What does not fit into the bottom bar. */
export function further(): Place[] {
  return places(false).filter((place) => place.where === 'side' || place.where === 'foot');
}

/** Whether the path is of this place; "more" stands for all that the bottom bar leaves out. */
export function isAt(place: Place, path: string): boolean {
  if (place.path === '/more') return further().some((one) => isAt(one, path)) || path === '/more';
  return place.path === '/'
    ? path === '/'
    : path === place.path || path.startsWith(`${place.path}/`);
}
