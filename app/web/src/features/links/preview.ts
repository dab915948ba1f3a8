import { api, ask } from '../../api/client';
import type { components } from '../../api/schema';

export type Preview = components['schemas']['LinkPreview'];

/** What a link is for; it is not used up by that. */
export function look(token: string): Promise<Preview> {
  return ask(api.POST('/api/v1/links/preview', { body: { token } }));
}
